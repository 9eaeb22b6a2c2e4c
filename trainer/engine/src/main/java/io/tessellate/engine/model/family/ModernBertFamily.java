package io.tessellate.engine.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * ModernBERT (Warner et al. 2024, <a href="https://arxiv.org/abs/2412.13663">2412.13663</a>): an encoder whose tokens turn
 * with their positions and in most layers see their neighbours on both sides only.
 */
record ModernBertFamily() implements Family {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";
    private static final String THETA = "rope_theta";
    private static final String EVERY = "global_attn_every_n_layers";
    private static final double GLOBAL_THETA = 160_000;
    private static final double LOCAL_THETA = 10_000;
    private static final int NEIGHBOURS = 128;
    private static final int PAD = 50_283;

    @Override
    public String modelType() {
        return "modernbert";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        int heads = fields.integer("num_attention_heads");
        int hidden = fields.integer("hidden_size");
        int layers = fields.integer("num_hidden_layers");
        int width = ModelConfig.headWidth(hidden, heads);
        if (width % 2 != 0) {
            throw fields.unsupported(
                    "%d heads of %d columns cannot turn: an even number of columns is needed".formatted(heads, width));
        }
        boolean attentionBias = fields.truth("attention_bias", false);
        Architecture architecture = new Architecture(
                fields.truth("norm_bias", false)
                        ? Architecture.Normalisation.LAYER_EMBEDDED
                        : Architecture.Normalisation.GAIN_EMBEDDED,
                rotary(fields),
                new Architecture.Attention(heads, width, true, false, windows(fields, layers)),
                fields.gate("hidden_activation", "gelu"),
                new Architecture.Biases(attentionBias, attentionBias, fields.truth("mlp_bias", false)),
                Architecture.Storage.FUSED,
                Architecture.Output.NONE);
        return new ModelConfig(
                modelType(),
                fields.integer("vocab_size"),
                hidden,
                layers,
                heads,
                fields.integer("intermediate_size"),
                fields.integer("max_position_embeddings", 8192),
                0,
                (float) fields.decimal("norm_eps", 1e-5),
                fields.padToken(PAD),
                architecture);
    }

    /** A list of one type per layer, or every how many layers one sees everything. */
    private static List<Integer> windows(ConfigFields fields, int layers) {
        int neighbours = fields.integer("local_attention", NEIGHBOURS);
        if (neighbours < 0) {
            throw fields.unsupported("local_attention must not be negative: " + neighbours);
        }
        int local = neighbours / 2 + 1;
        JsonNode types = fields.json().path("layer_types");
        if (types.isArray()) {
            List<Integer> windows = new ArrayList<>();
            types.forEach(type -> windows.add(window(fields, type.asText(), local)));
            return windows;
        }
        int every = fields.integer(EVERY, 3);
        if (every < 1) {
            throw fields.unsupported("%s must be at least 1, not %d".formatted(EVERY, every));
        }
        return IntStream.range(0, layers)
                .mapToObj(l -> l % every == 0 ? 0 : local)
                .toList();
    }

    private static int window(ConfigFields fields, String type, int local) {
        return switch (type) {
            case FULL -> 0;
            case SLIDING -> local;
            default ->
                throw fields.unsupported(
                        "layer_types '%s' is not supported; known are %s, %s".formatted(type, FULL, SLIDING));
        };
    }

    /** Newer files hold an object for each type of layer, older ones a field for each. */
    private static Positions.Rotary rotary(ConfigFields fields) {
        if (!fields.object("rope_scaling").isEmpty()) {
            throw fields.unsupported("rope_scaling %s: stretched rotary embeddings are not supported"
                    .formatted(fields.json().get("rope_scaling")));
        }
        ConfigFields parameters = fields.object("rope_parameters");
        double global = theta(parameters.object(FULL), fields.positive("global_rope_theta", GLOBAL_THETA));
        boolean same = fields.json().path("local_rope_theta").isNull();
        double local =
                theta(parameters.object(SLIDING), same ? global : fields.positive("local_rope_theta", LOCAL_THETA));
        Positions.Rotary windowed = new Positions.Rotary(local, new Positions.Unscaled());
        return new Positions.Rotary(global, new Positions.Unscaled(), 1, Optional.of(windowed));
    }

    private static double theta(ConfigFields object, double beside) {
        object.require("rope_type", "default");
        if (object.positive("partial_rotary_factor", 1) != 1) {
            throw object.unsupported(
                    "%s must be 1: heads are turned as a whole".formatted(object.path("partial_rotary_factor")));
        }
        return object.positive(THETA, beside);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix(headedPrefix(), "embeddings.tok_embeddings.weight", inFile);
        return new TensorNames(
                new TensorNames.Embeddings(
                        prefix + "embeddings.tok_embeddings.weight", "", "", prefix + "embeddings.norm"),
                new TensorNames.Block(
                        prefix + "layers.%d.",
                        List.of("attn.Wqkv"),
                        "attn.Wo",
                        "attn_norm",
                        List.of("mlp.Wi"),
                        "mlp.Wo",
                        "mlp_norm"),
                new TensorNames.End(prefix + "final_norm", ""),
                "weight",
                "bias",
                UnusedTensors.ofModernBert());
    }

    @Override
    public String headedPrefix() {
        return "model.";
    }
}
