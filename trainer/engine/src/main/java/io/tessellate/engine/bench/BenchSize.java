package io.tessellate.engine.bench;

import io.tessellate.engine.model.config.ModelConfig;

/** The encoders that are measured. */
public enum BenchSize {
    /** 4 layers of 256, 5.3 million parameters; 16 sequences of 64 tokens. */
    MINI(8000, 256, 4, 4, 16),
    /** BERT-base: 12 layers of 768, 109 million parameters; 8 sequences of 64 tokens. */
    BASE(30522, 768, 12, 12, 8);

    /** Tokens of every sequence; none is padded. */
    static final int LENGTH = 64;

    private static final int MAX_POSITIONS = 64;
    private static final int TOKEN_TYPES = 2;
    private static final float NORM_EPSILON = 1e-12f;

    private final int vocabulary;
    private final int hidden;
    private final int layers;
    private final int heads;
    private final int batch;

    BenchSize(int vocabulary, int hidden, int layers, int heads, int batch) {
        this.vocabulary = vocabulary;
        this.hidden = hidden;
        this.layers = layers;
        this.heads = heads;
        this.batch = batch;
    }

    /** Sequences of a batch. */
    public int batch() {
        return batch;
    }

    /** Tokens of a batch. */
    public int tokens() {
        return batch * LENGTH;
    }

    ModelConfig config() {
        return new ModelConfig(
                ModelConfig.BERT,
                vocabulary,
                hidden,
                layers,
                heads,
                4 * hidden,
                MAX_POSITIONS,
                TOKEN_TYPES,
                NORM_EPSILON,
                0);
    }
}
