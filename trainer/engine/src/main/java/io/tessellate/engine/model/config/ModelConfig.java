package io.tessellate.engine.model.config;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;

/**
 * What a transformer looks like, as its {@code config.json} says.
 *
 * @param modelType the family's name, for example {@code bert}
 * @param vocabulary number of token ids
 * @param hidden width of a token's vector
 * @param layers number of transformer layers
 * @param heads query heads per layer
 * @param intermediate width inside the feed-forward block
 * @param maxPositions longest sequence
 * @param tokenTypes number of segment ids; 0 if the model has no table of them
 * @param normEpsilon added to the variance in normalisations
 * @param padToken id that fills short sequences
 * @param architecture what the family looks like
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
        int padToken,
        Architecture architecture) {
    /** BERT's name. */
    public static final String BERT = "bert";

    /** Checks every number. */
    public ModelConfig {
        positive("vocab_size", vocabulary);
        positive("hidden_size", hidden);
        positive("num_hidden_layers", layers);
        positive("num_attention_heads", heads);
        positive("intermediate_size", intermediate);
        positive("max_position_embeddings", maxPositions);
        require(tokenTypes >= 0, "type_vocab_size must not be negative: %d".formatted(tokenTypes));
        require(normEpsilon > 0 && normEpsilon < 1, "layer_norm_eps %s must be between 0 and 1".formatted(normEpsilon));
        require(
                padToken >= 0 && padToken < vocabulary,
                "pad_token_id %d must be one of %d token ids".formatted(padToken, vocabulary));
        check(architecture.attention(), heads, layers);
    }

    /**
     * A BERT encoder.
     *
     * @param modelType must be {@link #BERT}
     */
    public ModelConfig(
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
        this(
                modelType,
                vocabulary,
                hidden,
                layers,
                heads,
                intermediate,
                maxPositions,
                tokenTypes,
                normEpsilon,
                padToken,
                Architecture.bert(heads, headWidth(hidden, heads), 0));
        require(modelType.equals(BERT), "model_type '%s' is not bert".formatted(modelType));
        positive("type_vocab_size", tokenTypes);
    }

    /** The columns of one of so many heads that share the hidden width equally; refused if they do not. */
    public static int headWidth(int hidden, int heads) {
        positive("hidden_size", hidden);
        positive("num_attention_heads", heads);
        require(hidden % heads == 0, "num_attention_heads %d must divide hidden_size %d".formatted(heads, hidden));
        return hidden / heads;
    }

    private static void check(Architecture.Attention attention, int heads, int layers) {
        positive("head_dim", attention.width());
        positive("num_key_value_heads", attention.keyValueHeads());
        require(
                heads % attention.keyValueHeads() == 0,
                "num_key_value_heads %d must divide num_attention_heads %d"
                        .formatted(attention.keyValueHeads(), heads));
        require(
                attention.windows().isEmpty() || attention.windows().size() == layers,
                "%d layers cannot have %d attention types"
                        .formatted(layers, attention.windows().size()));
    }

    /** The same with a matrix of its own that predicts tokens. */
    public ModelConfig withOwnHead() {
        return new ModelConfig(
                modelType,
                vocabulary,
                hidden,
                layers,
                heads,
                intermediate,
                maxPositions,
                tokenTypes,
                normEpsilon,
                padToken,
                architecture.withOwnHead());
    }

    /** Columns of one attention head. */
    public int headWidth() {
        return architecture.attention().width();
    }

    /** Columns of an attention's context: all heads side by side. */
    public int contextColumns() {
        return heads * headWidth();
    }

    /** Columns of queries, keys and values side by side. */
    public int projectionColumns() {
        return (heads + 2 * architecture.attention().keyValueHeads()) * headWidth();
    }

    /** Columns before the activation: two linear layers where one gates the other. */
    public int innerColumns() {
        return architecture.activation().gated() ? 2 * intermediate : intermediate;
    }

    /** The rows that tokens at these positions have in the table of positions. */
    public int[] tableRows(int[] places) {
        int offset = architecture.positions() instanceof Positions.Learned learned ? learned.offset() : 0;
        return offset == 0
                ? places
                : Arrays.stream(places).map(place -> place + offset).toArray();
    }

    /** Whether it predicts the next token. */
    public boolean causal() {
        return architecture.attention().causal();
    }

    /** The attention of one layer over so many sequences of one padded length. */
    public HeadShape heads(int batch, int length, int layer) {
        Architecture.Attention attention = architecture.attention();
        return new HeadShape(
                batch,
                length,
                heads,
                attention.keyValueHeads(),
                attention.width(),
                attention.reach(layer),
                (float) architecture.scoreScale(),
                attention.softCap(),
                attention.order());
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
