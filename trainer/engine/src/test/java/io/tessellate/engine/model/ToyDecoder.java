package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;

/** Seeded random decoders that train in milliseconds, for tests of other packages. */
public final class ToyDecoder {
    /** Llama's architecture with 37 tokens. */
    public static final ModelConfig CONFIG = SmallFamilies.LLAMA.config();

    /** GPT-2's architecture with 37 tokens: query, key and value are columns of one matrix of 20 x 60. */
    public static final ModelConfig GPT2 = SmallFamilies.GPT2.config();

    private ToyDecoder() {}

    /** Fresh memory with always the same values. */
    public static Weights weights(Backend backend) {
        return weights(backend, CONFIG);
    }

    /** The same for either. */
    public static Weights weights(Backend backend, ModelConfig config) {
        ParameterLayout layout = ParameterLayout.of(config);
        return SmallModel.weights(backend, layout, SmallModel.values(layout, 3));
    }
}
