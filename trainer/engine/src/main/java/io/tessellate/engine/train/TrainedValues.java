package io.tessellate.engine.train;

import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import java.util.ArrayList;
import java.util.List;

/**
 * The values under training in one compact row: blocks of the encoder's entries, then a block for each head. Every step moves
 * the entries and the head that it went through; then the values are assigned to weights and heads.
 */
final class TrainedValues {
    private final TrainedEntries entries;
    private final Weights weights;
    private final List<Head> heads;
    private final FloatBlocks values;
    /** One for each block: the rules move every value by itself, so where the row is cut makes no difference. */
    private final List<Optimizer> optimizers;

    private TrainedValues(Recipe recipe, TrainedEntries entries, Weights weights, List<Head> heads) {
        this.entries = entries;
        this.weights = weights;
        this.heads = heads;
        this.values = entries.read(weights.vector())
                .then(heads.stream().map(head -> head.values().clone()).toList());
        this.optimizers = values.all().stream()
                .map(block -> recipe.optimizer().create(block.length, recipe.weightDecay()))
                .toList();
    }

    /** Entries and one head, moved by every step. */
    static TrainedValues of(Recipe recipe, TrainedEntries entries, Weights weights, Head head) {
        return new TrainedValues(recipe, entries, weights, List.of(head));
    }

    /** Entries that every step moves, and several heads of which each moves with its own steps alone. */
    static TrainedValues ofSeveral(Recipe recipe, TrainedEntries entries, Weights weights, List<Head> heads) {
        return new TrainedValues(recipe, entries, weights, List.copyOf(heads));
    }

    private int headBlock(int head) {
        return values.count() - heads.size() + head;
    }

    /**
     * Moves the values against a gradient; weights and heads stay until they are assigned.
     *
     * @param head the head that the step went through
     */
    void step(FloatBlocks gradient, double rate, int head) {
        for (int b = 0; b < headBlock(0); b++) {
            step(b, gradient, rate);
        }
        step(headBlock(head), gradient, rate);
    }

    private void step(int block, FloatBlocks gradient, double rate) {
        optimizers.get(block).step(values.block(block), gradient.block(block), rate);
    }

    /** Assigns the values to weights and heads. */
    void assign() {
        entries.assign(values, weights.vector());
        for (int h = 0; h < heads.size(); h++) {
            float[] head = heads.get(h).values();
            System.arraycopy(values.block(headBlock(h)), 0, head, 0, head.length);
        }
    }

    /** For each block where its tensors begin; a head's are its weights and its biases. */
    List<int[]> tensorStarts() {
        List<int[]> starts = new ArrayList<>(entries.starts());
        heads.forEach(head -> starts.add(new int[] {0, head.values().length - head.labels()}));
        return starts;
    }

    /** Takes values and the optimisers' state from a checkpoint. */
    void resume(Checkpoint checkpoint, long steps) {
        values.copyFrom(checkpoint.values());
        FloatBlocks.of(state()).copyFrom(FloatBlocks.of(checkpoint.state()));
        optimizers.forEach(optimizer -> optimizer.resumeAt(steps));
        assign();
    }

    /** The optimisers' live state. */
    List<float[]> state() {
        return optimizers.stream()
                .flatMap(optimizer -> optimizer.state().stream())
                .toList();
    }

    /** The live values: of the entries, then of the heads. */
    FloatBlocks values() {
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
