package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;
import java.util.List;

/** Llama 1 to 3 (Touvron et al. 2023). */
record LlamaFamily() implements Family {
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
        boolean attentionBias = fields.truth("attention_bias", false);
        Architecture architecture = new Architecture(
                Architecture.Normalisation.RMS_BEFORE,
                RotaryFields.of(fields).read(width),
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

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        return DecoderNames.LLAMA.in(config, inFile);
    }

    @Override
    public String headedPrefix() {
        return DecoderNames.PREFIX;
    }
}
