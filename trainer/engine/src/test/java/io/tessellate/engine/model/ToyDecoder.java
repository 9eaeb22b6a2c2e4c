package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;

/** A seeded random decoder that trains in milliseconds, for tests of other packages. */
public final class ToyDecoder {
    /** Llama's architecture with 37 tokens. */
    public static final ModelConfig CONFIG = SmallFamilies.LLAMA.config();

    private ToyDecoder() {}

    /** Fresh memory with always the same values. */
    public static Weights weights(Backend backend) {
        ParameterLayout layout = SmallFamilies.LLAMA.layout();
        return SmallModel.weights(backend, layout, SmallModel.values(layout, 3));
    }
}
