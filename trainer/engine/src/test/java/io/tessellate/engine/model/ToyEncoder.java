package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import io.tessellate.id.Sha256;
import java.util.Random;

/** A seeded random encoder that trains in milliseconds, for tests of other packages. */
public final class ToyEncoder {
    /** Two layers, hidden 32, 64 words, 16 positions. */
    public static final ModelConfig CONFIG = new ModelConfig(ModelConfig.BERT, 64, 32, 2, 2, 64, 16, 2, 1e-12f, 0);

    private static final ParameterLayout LAYOUT = ParameterLayout.of(CONFIG);

    private ToyEncoder() {}

    /** Fresh memory with always the same values. */
    public static Weights weights(Backend backend) {
        Random random = new Random(11);
        Weights weights = Weights.zeros(backend, LAYOUT);
        for (ParameterTensor tensor : LAYOUT.tensors()) {
            boolean gain = tensor.name().endsWith("LayerNorm.weight");
            double deviation = tensor.shape().rank() == 1 ? 0 : 0.15;
            float[] values = new float[tensor.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.nextGaussian() + (gain ? 1 : 0));
            }
            weights.put(tensor.name(), values);
        }
        return weights;
    }

    /** What the base is known by. */
    public static Sha256 digest() {
        return Sha256.of(new byte[] {1});
    }
}
