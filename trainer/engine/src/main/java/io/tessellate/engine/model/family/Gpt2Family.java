package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.Collection;
import java.util.List;

/** GPT-2 (Radford et al. 2019). Its weight files hold linear layers as [inputs, outputs]. */
record Gpt2Family() implements Family {
    private static final String HEAD = "lm_head.weight";

    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        fields.require("scale_attn_weights", true);
        fields.require("scale_attn_by_inverse_layer_idx", false);
        fields.require("add_cross_attention", false);
        int heads = fields.integer("n_head");
        int hidden = fields.integer("n_embd");
        Architecture architecture = new Architecture(
                Architecture.Normalisation.LAYER_BEFORE,
                new Positions.Learned(0),
                new Architecture.Attention(heads, ModelConfig.headWidth(hidden, heads), true, true, List.of()),
                fields.activation("activation_function", "gelu_new"),
                Architecture.Biases.ALL,
                Architecture.Storage.CONV1D,
                fields.output(true));
        return new ModelConfig(
                modelType(),
                fields.integer("vocab_size"),
                hidden,
                fields.integer("n_layer"),
                heads,
                fields.integer("n_inner", 4 * hidden),
                fields.integer("n_positions"),
                0,
                (float) fields.decimal("layer_norm_epsilon", 1e-5),
                fields.padToken(0),
                architecture);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix(headedPrefix(), "wte.weight", inFile);
        return new TensorNames(
                new TensorNames.Embeddings(
                        Family.words(prefix + "wte.weight", HEAD, config, inFile), prefix + "wpe.weight", "", ""),
                new TensorNames.Block(
                        prefix + "h.%d.",
                        List.of("attn.c_attn"),
                        "attn.c_proj",
                        "ln_1",
                        List.of("mlp.c_fc"),
                        "mlp.c_proj",
                        "ln_2"),
                new TensorNames.End(prefix + "ln_f", HEAD),
                "weight",
                "bias",
                UnusedTensors.ofDecoder(
                        config, HEAD, name -> name.endsWith("attn.bias") || name.endsWith("attn.masked_bias")));
    }

    @Override
    public String headedPrefix() {
        return "transformer.";
    }
}
