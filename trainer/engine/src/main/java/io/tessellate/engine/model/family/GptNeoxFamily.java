package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;
import java.util.List;

/**
 * GPT-NeoX and Pythia (Black et al. 2022, Biderman et al. 2023): attention and feed-forward block side by side, a part of
 * each head turned, query, key and value of each head beside each other in one tensor.
 */
record GptNeoxFamily() implements Family {
    private static final String HEAD = "embed_out.weight";
    private static final String NEW_HEAD = "lm_head.weight";
    private static final double TURNED = 0.25;

    @Override
    public String modelType() {
        return "gpt_neox";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        DecoderFields decoder = new DecoderFields(fields);
        int width = ModelConfig.headWidth(decoder.hidden(), decoder.heads());
        boolean attentionBias = fields.truth("attention_bias", true);
        Architecture architecture = new Architecture(
                fields.truth("use_parallel_residual", true)
                        ? Architecture.Normalisation.LAYER_PARALLEL
                        : Architecture.Normalisation.LAYER_BEFORE,
                RotaryFields.of(fields)
                        .theta("rotary_emb_base")
                        .partial("rotary_pct", TURNED)
                        .read(width),
                decoder.attentionByHead(width),
                fields.activation("hidden_act", "gelu"),
                new Architecture.Biases(attentionBias, attentionBias, true),
                Architecture.Storage.FUSED,
                fields.output(false));
        float epsilon = (float) fields.decimal("layer_norm_eps", 1e-5);
        return decoder.config(modelType(), epsilon, decoder.longest(), 0, architecture);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix(headedPrefix(), "embed_in.weight", inFile);
        String head = inFile.contains(NEW_HEAD) ? NEW_HEAD : HEAD;
        return new TensorNames(
                new TensorNames.Embeddings(Family.words(prefix + "embed_in.weight", head, config, inFile), "", "", ""),
                new TensorNames.Block(
                        prefix + "layers.%d.",
                        List.of("attention.query_key_value"),
                        "attention.dense",
                        "input_layernorm",
                        List.of("mlp.dense_h_to_4h"),
                        "mlp.dense_4h_to_h",
                        "post_attention_layernorm"),
                new TensorNames.End(prefix + "final_layer_norm", head),
                "weight",
                "bias",
                UnusedTensors.ofDecoder(
                        config,
                        head,
                        name -> name.endsWith(".attention.bias")
                                || name.endsWith(".attention.masked_bias")
                                || name.endsWith("rotary_emb.inv_freq")));
    }

    @Override
    public String headedPrefix() {
        return "gpt_neox.";
    }
}
