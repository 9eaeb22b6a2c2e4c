package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A seeded random encoder of odd sizes, and batches of unequal lengths for it. */
final class SmallModel {
    static final ModelConfig CONFIG = new ModelConfig(ModelConfig.BERT, 37, 20, 2, 2, 33, 11, 3, 1e-12f, 0);
    static final ParameterLayout LAYOUT = ParameterLayout.of(CONFIG);

    private SmallModel() {}

    /** Values with a spread that makes every nonlinearity work. */
    static Map<String, float[]> values(long seed) {
        return values(LAYOUT, seed);
    }

    /** The same for any layout. */
    static Map<String, float[]> values(ParameterLayout layout, long seed) {
        Random random = new Random(seed);
        Map<String, float[]> values = new HashMap<>();
        for (ParameterTensor tensor : layout.tensors()) {
            boolean gain = tensor.shape().rank() == 1 && tensor.name().endsWith(".weight");
            float[] drawn = new float[tensor.size()];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = (float) (0.3 * random.nextGaussian() + (gain ? 1 : 0));
            }
            values.put(tensor.name(), drawn);
        }
        return values;
    }

    static Weights weights(Backend backend, Map<String, float[]> values) {
        return weights(backend, LAYOUT, values);
    }

    static Weights weights(Backend backend, ParameterLayout layout, Map<String, float[]> values) {
        Weights weights = Weights.zeros(backend, layout);
        values.forEach(weights::put);
        return weights;
    }

    /** Sequences of these lengths. */
    static List<TokenSequence> sequences(long seed, int... lengths) {
        Random random = new Random(seed);
        List<TokenSequence> sequences = new ArrayList<>();
        for (int length : lengths) {
            int[] ids = random.ints(length, 0, CONFIG.vocabulary()).toArray();
            int[] types = random.ints(length, 0, CONFIG.tokenTypes()).toArray();
            sequences.add(new TokenSequence(ids, types));
        }
        return sequences;
    }

    static Batch batch(long seed, int... lengths) {
        return Batch.of(sequences(seed, lengths), CONFIG);
    }

    static Head head(long seed, int labels) {
        Random random = new Random(seed);
        float[] weight = new float[labels * Encoder.features(CONFIG)];
        float[] bias = new float[labels];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (0.3 * random.nextGaussian());
        }
        for (int i = 0; i < labels; i++) {
            bias[i] = (float) (0.3 * random.nextGaussian());
        }
        return Head.of(weight, bias);
    }
}
