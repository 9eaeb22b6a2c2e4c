package io.tessellate.engine.model;

import java.util.Collection;
import java.util.List;

/** Llama 1 to 3 (Touvron et al. 2023). */
record LlamaFamily() implements Family {
    private static final String HEAD = "lm_head.weight";
    private static final double THETA = 10_000;

    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        fields.require("hidden_act", "silu");
        int heads = fields.integer("num_attention_heads");
        int hidden = fields.integer("hidden_size");
        int width = fields.has("head_dim") ? fields.integer("head_dim") : ModelConfig.headWidth(hidden, heads);
        if (width % 2 != 0) {
            throw fields.unsupported("head_dim must be even for rotary embeddings, not " + width);
        }
        boolean attentionBias = fields.truth("attention_bias", false);
        Architecture architecture = new Architecture(
                Architecture.Normalisation.RMS_BEFORE,
                rotary(fields),
                new Architecture.Attention(fields.integer("num_key_value_heads", heads), width, true, true, List.of()),
                Activation.SILU_GATE,
                new Architecture.Biases(attentionBias, attentionBias, fields.truth("mlp_bias", false)),
                Architecture.Storage.LINEAR,
                fields.output(false));
        return new ModelConfig(
                modelType(),
                fields.integer("vocab_size"),
                hidden,
                fields.integer("num_hidden_layers"),
                heads,
                fields.integer("intermediate_size"),
                fields.integer("max_position_embeddings"),
                0,
                (float) fields.decimal("rms_norm_eps", 1e-6),
                fields.padToken(0),
                architecture);
    }

    /** Newer files keep theta and scaling in one object, older ones the scaling only. */
    private static Positions.Rotary rotary(ConfigFields fields) {
        boolean together = fields.has("rope_parameters");
        ConfigFields scaling = fields.object(together ? "rope_parameters" : "rope_scaling");
        double theta = (together ? scaling : fields).decimal("rope_theta", THETA);
        return new Positions.Rotary(theta, scaling(scaling));
    }

    private static Positions.Scaling scaling(ConfigFields fields) {
        String type = fields.text("rope_type", fields.text("type", "default"));
        return switch (type) {
            case "default" -> new Positions.Unscaled();
            case "linear" -> new Positions.Linear(fields.decimal("factor", 1));
            case "llama3" ->
                new Positions.Llama3(
                        fields.decimal("factor", 8),
                        fields.decimal("low_freq_factor", 1),
                        fields.decimal("high_freq_factor", 4),
                        fields.integer("original_max_position_embeddings"));
            default ->
                throw fields.unsupported(
                        "rope_type '%s' is not supported; known are default, linear, llama3".formatted(type));
        };
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix("model.", "embed_tokens.weight", inFile);
        boolean tied = config.architecture().output() == Architecture.Output.TIED;
        return new TensorNames(
                new TensorNames.Embeddings(
                        Family.words(prefix + "embed_tokens.weight", HEAD, config, inFile), "", "", ""),
                new TensorNames.Block(
                        prefix + "layers.%d.",
                        List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                        "self_attn.o_proj",
                        "input_layernorm",
                        List.of("mlp.gate_proj", "mlp.up_proj"),
                        "mlp.down_proj",
                        "post_attention_layernorm"),
                new TensorNames.End(prefix + "norm", HEAD),
                "weight",
                "bias",
                name -> name.endsWith(".rotary_emb.inv_freq") || tied && name.equals(HEAD));
    }
}
