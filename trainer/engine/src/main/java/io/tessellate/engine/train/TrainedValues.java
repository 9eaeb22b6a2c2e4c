package io.tessellate.engine.train;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.entries.TrainedEntries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The values under training in one compact array: entries of the encoder, then heads. What is trained together is moved by one
 * optimiser; after each step the values are assigned to weights and heads.
 */
final class TrainedValues {
    private final TrainedEntries entries;
    private final Weights weights;
    private final List<Head> heads;
    private final List<Block> blocks;
    private final float[] values;

    /** Values from one place to before another that an optimiser of their own moves. */
    private record Block(int from, int to, Optimizer optimizer) {
        static Block of(Recipe recipe, int from, int to) {
            return new Block(from, to, recipe.optimizer().create(to - from, recipe.weightDecay()));
        }

        void step(float[] values, float[] gradient, double rate) {
            if (to - from == values.length) {
                optimizer.step(values, gradient, rate);
                return;
            }
            float[] moved = Arrays.copyOfRange(values, from, to);
            optimizer.step(moved, Arrays.copyOfRange(gradient, from, to), rate);
            System.arraycopy(moved, 0, values, from, moved.length);
        }
    }

    private TrainedValues(TrainedEntries entries, Weights weights, List<Head> heads, List<Block> blocks) {
        this.entries = entries;
        this.weights = weights;
        this.heads = heads;
        this.blocks = blocks;
        this.values = new float[size(entries, heads)];
        entries.read(weights.vector(), values);
        int to = entries.size();
        for (Head head : heads) {
            System.arraycopy(head.values(), 0, values, to, head.values().length);
            to += head.values().length;
        }
    }

    private static int size(TrainedEntries entries, List<Head> heads) {
        return entries.size()
                + heads.stream().mapToInt(head -> head.values().length).sum();
    }

    /** Entries and one head, moved by every step. */
    static TrainedValues of(Recipe recipe, TrainedEntries entries, Weights weights, Head head) {
        List<Head> heads = List.of(head);
        return new TrainedValues(entries, weights, heads, List.of(Block.of(recipe, 0, size(entries, heads))));
    }

    /** Entries that every step moves, and several heads of which each moves with its own steps alone. */
    static TrainedValues ofSeveral(Recipe recipe, TrainedEntries entries, Weights weights, List<Head> heads) {
        List<Block> blocks = new ArrayList<>(List.of(Block.of(recipe, 0, entries.size())));
        int from = entries.size();
        for (Head head : heads) {
            int to = from + head.values().length;
            blocks.add(Block.of(recipe, from, to));
            from = to;
        }
        return new TrainedValues(entries, weights, List.copyOf(heads), List.copyOf(blocks));
    }

    /**
     * Moves the values against a gradient; weights and heads stay until they are assigned.
     *
     * @param head the head that the step went through
     */
    void step(float[] gradient, double rate, int head) {
        blocks.get(0).step(values, gradient, rate);
        if (blocks.size() > 1) {
            blocks.get(1 + head).step(values, gradient, rate);
        }
    }

    /** Assigns the values to weights and heads. */
    void assign() {
        entries.assign(values, weights.vector());
        int from = entries.size();
        for (Head head : heads) {
            System.arraycopy(values, from, head.values(), 0, head.values().length);
            from += head.values().length;
        }
    }

    /** The tensors among the entries, then every head's weights and its biases. */
    int[] tensorStarts() {
        IntStream.Builder ofHeads = IntStream.builder();
        int from = entries.size();
        for (Head head : heads) {
            ofHeads.add(from);
            from += head.values().length;
            ofHeads.add(from - head.labels());
        }
        return IntStream.concat(IntStream.of(entries.starts()), ofHeads.build()).toArray();
    }

    /** Takes values and the optimisers' state from a checkpoint. */
    void resume(Checkpoint checkpoint, long steps) {
        System.arraycopy(checkpoint.values(), 0, values, 0, values.length);
        List<float[]> state = state();
        for (int slot = 0; slot < checkpoint.state().size(); slot++) {
            System.arraycopy(checkpoint.state().get(slot), 0, state.get(slot), 0, state.get(slot).length);
        }
        blocks.forEach(block -> block.optimizer().resumeAt(steps));
        assign();
    }

    /** The optimisers' live state. */
    List<float[]> state() {
        return blocks.stream()
                .flatMap(block -> block.optimizer().state().stream())
                .toList();
    }

    /** The live values: of the entries, then of the heads. */
    float[] values() {
        return values;
    }

    TrainedEntries entries() {
        return entries;
    }

    Weights weights() {
        return weights;
    }

    /** The heads, as they were last assigned. */
    List<Head> heads() {
        return heads;
    }
}
