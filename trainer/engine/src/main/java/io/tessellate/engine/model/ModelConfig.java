package io.tessellate.engine.model;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * What an encoder looks like, as its {@code config.json} says.
 *
 * @param modelType the architecture's name, {@code bert}
 * @param vocabulary number of token ids
 * @param hidden width of a token's vector
 * @param layers number of transformer layers
 * @param heads attention heads per layer; divides {@code hidden}
 * @param intermediate width inside the feed-forward block
 * @param maxPositions longest sequence
 * @param tokenTypes number of segment ids
 * @param normEpsilon added to the variance in layer normalisations
 * @param padToken id that fills short sequences
 */
public record ModelConfig(
        String modelType,
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int maxPositions,
        int tokenTypes,
        float normEpsilon,
        int padToken) {
    /** The architecture the engine knows. */
    public static final String BERT = "bert";

    /** Checks every number. */
    public ModelConfig {
        if (!modelType.equals(BERT)) {
            throw new TessellateException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    "model_type '%s' is not supported; known is bert".formatted(modelType));
        }
        positive("vocab_size", vocabulary);
        positive("hidden_size", hidden);
        positive("num_hidden_layers", layers);
        positive("num_attention_heads", heads);
        positive("intermediate_size", intermediate);
        positive("max_position_embeddings", maxPositions);
        positive("type_vocab_size", tokenTypes);
        require(hidden % heads == 0, "num_attention_heads %d must divide hidden_size %d".formatted(heads, hidden));
        require(normEpsilon > 0 && normEpsilon < 1, "layer_norm_eps %s must be between 0 and 1".formatted(normEpsilon));
        require(
                padToken >= 0 && padToken < vocabulary,
                "pad_token_id %d must be one of %d token ids".formatted(padToken, vocabulary));
    }

    /** Columns of one attention head. */
    public int headWidth() {
        return hidden / heads;
    }

    private static void positive(String name, int value) {
        require(value > 0, "%s must be positive, not %d".formatted(name, value));
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new TessellateException(ErrorCode.UNSUPPORTED_MODEL, "config.json: " + problem);
        }
    }
}
