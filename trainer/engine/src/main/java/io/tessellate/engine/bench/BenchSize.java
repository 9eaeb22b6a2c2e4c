package io.tessellate.engine.bench;

import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.List;

/** The models that are measured. */
public enum BenchSize {
    /** An encoder of 4 layers of 256, 5.3 million parameters; 16 sequences of 64 tokens. */
    MINI(encoder("mini", 8000, 256, 4, 4, 16)),
    /** BERT-base: 12 layers of 768, 109 million parameters; 8 sequences of 64 tokens. */
    BASE(encoder("base", 30522, 768, 12, 12, 8)),
    /** The shape of Llama 3.2 1B: 16 layers of 2048, 1.2 billion parameters; 8 sequences of 512 tokens. */
    LLAMA_1B(llama("llama_1b", 2048, 16, 8192, 8, Architecture.Output.TIED)),
    /** The shape of Llama 3.1 8B: 32 layers of 4096 and a head of its own, 8 billion parameters; 4 sequences of 512 tokens. */
    LLAMA_8B(llama("llama_8b", 4096, 32, 14336, 4, Architecture.Output.OWN));

    /** Tokens of every sequence of an encoder. */
    static final int LENGTH = 64;

    private static final int TOKEN_TYPES = 2;
    private static final float BERT_EPSILON = 1e-12f;

    private static final int LLAMA_VOCABULARY = 128_256;
    private static final int LLAMA_HEADS = 32;
    private static final int LLAMA_KEY_VALUE_HEADS = 8;
    private static final int LLAMA_LENGTH = 512;
    private static final double LLAMA_THETA = 500_000;
    private static final float LLAMA_EPSILON = 1e-5f;

    @SuppressWarnings("ImmutableEnumChecker") // a record of records
    private final BenchShape shape;

    BenchSize(BenchShape shape) {
        this.shape = shape;
    }

    private static BenchShape encoder(String name, int vocabulary, int hidden, int layers, int heads, int batch) {
        ModelConfig config = new ModelConfig(
                ModelConfig.BERT, vocabulary, hidden, layers, heads, 4 * hidden, LENGTH, TOKEN_TYPES, BERT_EPSILON, 0);
        return new BenchShape(name, config, batch, LENGTH);
    }

    private static BenchShape llama(
            String name, int hidden, int layers, int intermediate, int batch, Architecture.Output output) {
        Architecture architecture = new Architecture(
                Architecture.Normalisation.RMS_BEFORE,
                new Positions.Rotary(LLAMA_THETA, new Positions.Unscaled()),
                new Architecture.Attention(LLAMA_KEY_VALUE_HEADS, hidden / LLAMA_HEADS, true, true, List.of()),
                Activation.SILU_GATE,
                Architecture.Biases.NONE,
                Architecture.Storage.LINEAR,
                output);
        ModelConfig config = new ModelConfig(
                "llama",
                LLAMA_VOCABULARY,
                hidden,
                layers,
                LLAMA_HEADS,
                intermediate,
                LLAMA_LENGTH,
                0,
                LLAMA_EPSILON,
                0,
                architecture);
        return new BenchShape(name, config, batch, LLAMA_LENGTH);
    }

    /** The model and its batches. */
    public BenchShape shape() {
        return shape;
    }
}
