package io.tessellate.engine.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The fields that decoders with rotary embeddings have in common. What a file leaves out is what Hugging Face's library takes
 * in its place, which differs from family to family.
 *
 * @param fields all of them
 */
record DecoderFields(ConfigFields fields) {
    private static final String WINDOW = "sliding_window";
    private static final String TYPES = "layer_types";
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    int hidden() {
        return fields.integer("hidden_size");
    }

    int heads() {
        return fields.integer("num_attention_heads");
    }

    int layers() {
        return fields.integer("num_hidden_layers");
    }

    /** Columns of a head: {@code head_dim}, or an equal share of the hidden width. */
    int width() {
        return fields.has("head_dim") ? fields.integer("head_dim") : ModelConfig.headWidth(hidden(), heads());
    }

    /** The same where a file that does not mention {@code head_dim} means this. */
    int width(int unmentioned) {
        return fields.mentions("head_dim") ? width() : unmentioned;
    }

    /** Heads of keys and values: as many as of queries where the file says null. */
    int keyValueHeads(int unmentioned) {
        String field = "num_key_value_heads";
        return fields.mentions(field) ? fields.integer(field, heads()) : unmentioned;
    }

    /** How far back a token sees; 0 for any distance, which is what null means. */
    int window(int unmentioned) {
        if (!fields.mentions(WINDOW)) {
            return unmentioned;
        }
        int window = fields.integer(WINDOW, 0);
        if (window < 0 || window == 0 && fields.has(WINDOW)) {
            throw fields.unsupported("%s must be a number above 0, not %d".formatted(fields.path(WINDOW), window));
        }
        return window;
    }

    /** One window for all layers; {@code layer_types}, which such families do not read, must not say otherwise. */
    List<Integer> sameWindows(int window) {
        String only = window == 0 ? FULL : SLIDING;
        if (fields.has(TYPES) && !types().stream().allMatch(only::equals)) {
            throw fields.unsupported("%s %s does not fit %s %s: all layers see as far"
                    .formatted(TYPES, types(), WINDOW, fields.json().path(WINDOW)));
        }
        return window == 0
                ? List.of()
                : IntStream.range(0, layers()).mapToObj(layer -> window).toList();
    }

    /**
     * The window of each layer by {@code layer_types}.
     *
     * @param window of those that have one
     * @param untold which layers have one where there is no such list
     */
    List<Integer> windows(int window, IntPredicate untold) {
        List<Integer> windows = fields.has(TYPES)
                ? types().stream().map(type -> window(type, window)).toList()
                : IntStream.range(0, layers())
                        .mapToObj(layer -> untold.test(layer) ? window : 0)
                        .toList();
        return windows.stream().allMatch(each -> each == 0) ? List.of() : windows;
    }

    private int window(String type, int window) {
        if (type.equals(FULL)) {
            return 0;
        }
        if (!type.equals(SLIDING)) {
            throw fields.unsupported(
                    "%s '%s' is not supported; known are %s, %s".formatted(TYPES, type, FULL, SLIDING));
        }
        if (window == 0) {
            throw fields.unsupported("%s has %s, but no %s says how far it reaches".formatted(TYPES, SLIDING, WINDOW));
        }
        return window;
    }

    private List<String> types() {
        List<String> types = new ArrayList<>();
        for (JsonNode type : fields.json().get(TYPES)) {
            types.add(type.asText());
        }
        if (types.size() != layers()) {
            throw fields.unsupported(
                    "%s has %d entries, num_hidden_layers is %d".formatted(TYPES, types.size(), layers()));
        }
        return types;
    }

    /** Causal attention scaled by the root of a head's width. */
    Architecture.Attention attention(int keyValueHeads, int width, List<Integer> windows) {
        return new Architecture.Attention(keyValueHeads, width, true, true, windows);
    }

    /** The same with query, key and value of each head beside each other. */
    Architecture.Attention attentionByHead(int width) {
        return attention(heads(), width, List.of()).in(HeadShape.Order.BY_HEAD);
    }

    /**
     * The configuration of a family whose fields have the names that Llama gave them.
     *
     * @param epsilon what is added in normalisations
     * @param longest sequence
     * @param padToken where the file names none
     */
    ModelConfig config(String modelType, float epsilon, int longest, int padToken, Architecture architecture) {
        return new ModelConfig(
                modelType,
                fields.integer("vocab_size"),
                hidden(),
                layers(),
                heads(),
                fields.integer("intermediate_size"),
                longest,
                0,
                epsilon,
                fields.padToken(padToken),
                architecture);
    }

    /** The longest sequence. */
    int longest() {
        return fields.integer("max_position_embeddings");
    }

    /** What is added in root mean square normalisations. */
    float rmsEpsilon(double absent) {
        return (float) fields.decimal("rms_norm_eps", absent);
    }
}
