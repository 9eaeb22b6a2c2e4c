package io.tessellate.engine.model.head;

import io.tessellate.engine.model.config.ModelConfig;

/** What of a sequence's last hidden vectors a {@link Head} reads. */
public enum Features {
    /** The vector of the token that speaks for the sequence, then the mean over its real tokens. */
    TOKEN_AND_MEAN(2),
    /** The vector of that token alone, so that the highest layer need not be computed for the others. */
    TOKEN(1);

    private final int vectors;

    Features(int vectors) {
        this.vectors = vectors;
    }

    /** How many features a head has over hidden vectors of that width. */
    public int width(int hidden) {
        return vectors * hidden;
    }

    /** Those that a head reads, by their number. */
    public static Features of(Head head, ModelConfig config) {
        return head.features() == TOKEN.width(config.hidden()) ? TOKEN : TOKEN_AND_MEAN;
    }
}
