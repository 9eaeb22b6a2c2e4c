package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.Collection;
import java.util.List;

/** OPT (Zhang et al. 2022), except for the one size that normalises after its residual connections. */
record OptFamily() implements Family {
    private static final String HEAD = "lm_head.weight";
    private static final int OFFSET = 2;

    private static final float EPSILON = 1e-5f;

    @Override
    public String modelType() {
        return "opt";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        fields.require("do_layer_norm_before", true);
        fields.require("enable_bias", true);
        fields.require("layer_norm_elementwise_affine", true);
        fields.require("_remove_final_layer_norm", false);
        int heads = fields.integer("num_attention_heads");
        int hidden = fields.integer("hidden_size");
        if (fields.integer("word_embed_proj_dim", hidden) != hidden) {
            throw fields.unsupported("word_embed_proj_dim %d must be hidden_size %d: nothing else is supported"
                    .formatted(fields.integer("word_embed_proj_dim"), hidden));
        }
        Architecture architecture = new Architecture(
                Architecture.Normalisation.LAYER_BEFORE,
                new Positions.Learned(OFFSET),
                new Architecture.Attention(heads, ModelConfig.headWidth(hidden, heads), true, true, List.of()),
                fields.activation("activation_function", "relu"),
                Architecture.Biases.ALL,
                Architecture.Storage.LINEAR,
                fields.output(true));
        return new ModelConfig(
                modelType(),
                fields.integer("vocab_size"),
                hidden,
                fields.integer("num_hidden_layers"),
                heads,
                fields.integer("ffn_dim"),
                fields.integer("max_position_embeddings"),
                0,
                EPSILON,
                fields.padToken(1),
                architecture);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = inFile.contains("decoder.embed_tokens.weight") ? "decoder." : "model.decoder.";
        return new TensorNames(
                new TensorNames.Embeddings(
                        Family.words(prefix + "embed_tokens.weight", HEAD, config, inFile),
                        prefix + "embed_positions.weight",
                        "",
                        ""),
                new TensorNames.Block(
                        prefix + "layers.%d.",
                        List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                        "self_attn.out_proj",
                        "self_attn_layer_norm",
                        List.of("fc1"),
                        "fc2",
                        "final_layer_norm"),
                new TensorNames.End(prefix + "final_layer_norm", HEAD),
                "weight",
                "bias",
                UnusedTensors.ofDecoder(config, HEAD, name -> false));
    }

    @Override
    public String headedPrefix() {
        return "model.";
    }
}
