package io.tessellate.engine.model;

import java.util.Collection;

/**
 * How a BERT weight file calls its tensors: with or without {@code bert.} in front, and {@code gamma}/{@code beta} or
 * {@code weight}/{@code bias} for layer normalisations.
 *
 * @param prefix in front of every name
 * @param gain last part of a normalisation's gain
 * @param shift last part of a normalisation's shift
 */
record BertNames(String prefix, String gain, String shift) {
    static final BertNames CURRENT = new BertNames("bert.", "weight", "bias");

    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String NORM = "embeddings.LayerNorm.";

    /** The convention a file follows, told from the names in it. */
    static BertNames of(Collection<String> names) {
        String prefix = names.contains(WORDS) ? "" : "bert.";
        boolean old = names.contains(prefix + NORM + "gamma");
        return old ? new BertNames(prefix, "gamma", "beta") : new BertNames(prefix, "weight", "bias");
    }

    String words() {
        return prefix + WORDS;
    }

    String positions() {
        return prefix + "embeddings.position_embeddings.weight";
    }

    String types() {
        return prefix + "embeddings.token_type_embeddings.weight";
    }

    String embeddingNorm() {
        return prefix + NORM;
    }

    String layer(int layer, String rest) {
        return "%sencoder.layer.%d.%s".formatted(prefix, layer, rest);
    }

    /** Whether a tensor belongs to a part that is known and not needed: pre-training heads, pooler, position numbers. */
    boolean ignorable(String name) {
        return name.startsWith("cls.")
                || name.startsWith(prefix + "pooler.")
                || name.equals(prefix + "embeddings.position_ids");
    }
}
