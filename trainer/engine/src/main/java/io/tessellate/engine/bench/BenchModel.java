package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.head.Targets;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.ParameterVector;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random weights and batches: what is computed does not depend on them. */
final class BenchModel {
    static final int LABELS = 2;

    private static final float RANGE = 0.035f;
    private static final int CHUNK = 1 << 16;
    /** A prime, so that rows do not repeat. */
    private static final int BLOCK = 1_048_573;

    private BenchModel() {}

    /** Weights as of a fresh model, drawn in chunks so that no second copy of them is needed. */
    static Weights weights(Backend backend, ParameterLayout layout, long seed) {
        Weights weights = Weights.zeros(backend, layout);
        SplittableRandom random = new SplittableRandom(seed);
        float[] chunk = new float[CHUNK];
        for (ParameterTensor tensor : layout.tensors()) {
            if (tensor.shape().rank() == 2) {
                fill(weights.vector(), tensor, chunk, random);
            } else if (tensor.name().endsWith("weight")) {
                weights.vector().fill(tensor.offset(), tensor.size(), 1f);
            }
        }
        return weights;
    }

    /**
     * Weights in bf16, matrices kept in 16 bits. One block of numbers is drawn and used again and again, elsewhere in each matrix: to
     * draw eight billion takes longer than to train on them.
     */
    static Weights shortWeights(Backend backend, ParameterLayout layout, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] drawn = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            drawn[i] = Float.intBitsToFloat(Float.floatToRawIntBits(draw(random)) & 0xffff0000);
        }
        return Weights.readShort(backend, layout, tensor -> true, (tensor, first, count, target) -> {
            boolean matrix = tensor.shape().rank() == 2;
            boolean gain = tensor.name().endsWith("weight");
            for (int done = 0; done < count; ) {
                int from = (int) ((tensor.offset() + first + done) % BLOCK);
                int some = Math.min(BLOCK - from, count - done);
                if (matrix) {
                    target.put(drawn, from, some);
                } else {
                    target.put(gain ? 1f : 0f);
                    some = 1;
                }
                done += some;
            }
        });
    }

    private static float draw(SplittableRandom random) {
        return (2 * (random.nextInt() >>> 8) * 0x1p-24f - 1) * RANGE;
    }

    private static void fill(ParameterVector vector, ParameterTensor tensor, float[] chunk, SplittableRandom random) {
        for (int done = 0; done < tensor.size(); done += CHUNK) {
            int count = Math.min(CHUNK, tensor.size() - done);
            for (int i = 0; i < count; i++) {
                chunk[i] = draw(random);
            }
            vector.put(tensor.offset() + done, chunk, 0, count);
        }
    }

    /** A batch of sequences of full length with a target each. */
    static Step step(BenchShape shape, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ModelConfig config = shape.config();
        List<TokenSequence> sequences = IntStream.range(0, shape.batch())
                .mapToObj(b -> new TokenSequence(
                        random.ints(shape.length(), 0, config.vocabulary()).toArray(), new int[shape.length()]))
                .toList();
        return new Step(
                Batch.of(sequences, config),
                Targets.classes(random.ints(shape.batch(), 0, LABELS).toArray()));
    }
}
