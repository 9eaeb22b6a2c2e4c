package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.KeyValues;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The keys and values of all layers for the tokens that some sequences hold so far. */
public final class KeyValueCache implements AutoCloseable {
    private final Backend backend;
    private final ModelConfig config;
    private final int capacity;
    private final List<FloatVector> memory = new ArrayList<>();
    private final List<KeyValues> layers = new ArrayList<>();

    /** Room for so many sequences of at most {@code capacity} tokens. */
    public KeyValueCache(Backend backend, ModelConfig config, int sequences, int capacity) {
        this.backend = backend;
        this.config = config;
        this.capacity = capacity;
        for (int l = 0; l < config.layers(); l++) {
            HeadShape shape = config.heads(sequences, capacity, l);
            int columns = 2 * shape.keyValueHeads() * shape.width();
            FloatVector vector = backend.memory().allocate(Math.multiplyExact(shape.tokens(), columns));
            memory.add(vector);
            layers.add(new KeyValues(shape, backend.memory().matrix(vector, 0, shape.tokens(), columns)));
        }
    }

    /**
     * Forgets all sequences but some.
     *
     * @param sequences those that are left, in ascending order; they are numbered anew in this order
     * @param lengths how many tokens of each are held
     */
    public void retain(int[] sequences, int[] lengths) {
        for (int l = 0; l < layers.size(); l++) {
            int columns = layers.get(l).rows().columns();
            for (int s = 0; s < sequences.length; s++) {
                if (sequences[s] != s) {
                    move(memory.get(l), slot(sequences[s], 0) * columns, slot(s, 0) * columns, lengths[s] * columns);
                }
            }
            HeadShape shape = config.heads(sequences.length, capacity, l);
            layers.set(l, new KeyValues(shape, backend.memory().matrix(memory.get(l), 0, shape.tokens(), columns)));
        }
    }

    private static void move(FloatVector memory, int from, int to, int length) {
        memory.put(to, memory.toArray(from, length), 0, length);
    }

    private int slot(int sequence, int position) {
        return sequence * capacity + position;
    }

    /** Most tokens of a sequence. */
    public int capacity() {
        return capacity;
    }

    /** An empty one of the same kind for so many sequences. */
    public KeyValueCache fresh(int sequences) {
        return new KeyValueCache(backend, config, sequences, capacity);
    }

    /**
     * Copies what is kept of some tokens of a sequence to those of another cache of the same kind.
     *
     * @param from the first token
     * @param to the last, exclusive
     */
    public void copy(int sequence, int from, int to, KeyValueCache target, int asSequence) {
        for (int l = 0; l < layers.size(); l++) {
            int columns = layers.get(l).rows().columns();
            float[] copied = memory.get(l).toArray(slot(sequence, from) * columns, (to - from) * columns);
            target.memory.get(l).put(target.slot(asSequence, from) * columns, copied, 0, copied.length);
        }
    }

    /** Attention within a batch of prompts that keeps what the first of them see, as that of some sequences. */
    AttentionStep prompts(Batch batch, int... kept) {
        int[] rows = IntStream.range(0, kept.length)
                .flatMap(b -> IntStream.range(0, batch.length(b)).map(s -> batch.row(b, s)))
                .toArray();
        int[] slots = IntStream.range(0, kept.length)
                .flatMap(b -> IntStream.range(0, batch.length(b)).map(s -> slot(kept[b], s)))
                .toArray();
        AttentionStep within = AttentionStep.within(backend, batch);
        return (layer, activations) -> {
            backend.attention().keep(activations.projections(), rows, layers.get(layer), slots);
            within.attend(layer, activations);
        };
    }

    /** Attention of one new token per sequence, at these positions, to everything kept and to itself. */
    AttentionStep next(int[] positions) {
        int[] rows = IntStream.range(0, positions.length).toArray();
        int[] slots = IntStream.range(0, positions.length)
                .map(b -> slot(b, positions[b]))
                .toArray();
        int[] lengths = IntStream.of(positions).map(position -> position + 1).toArray();
        return (layer, activations) -> {
            backend.attention().keep(activations.projections(), rows, layers.get(layer), slots);
            backend.attention()
                    .attendNext(activations.projections(), layers.get(layer), lengths, activations.context());
        };
    }

    @Override
    public void close() {
        memory.forEach(FloatVector::close);
    }
}
