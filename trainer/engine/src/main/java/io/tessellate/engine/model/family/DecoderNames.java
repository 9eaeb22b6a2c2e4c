package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;
import java.util.List;

/**
 * What the families that followed Llama call their tensors.
 *
 * @param projections query, key and value, or one for all
 * @param up gate and input of the feed-forward block, or one for both
 * @param norms of a layer
 */
record DecoderNames(List<String> projections, List<String> up, TensorNames.Norms norms) {
    static final String PREFIX = "model.";

    private static final String HEAD = "lm_head.weight";

    /** Llama's own. */
    static final DecoderNames LLAMA = new DecoderNames(
            List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            List.of("mlp.gate_proj", "mlp.up_proj"),
            TensorNames.Norms.two("input_layernorm", "post_attention_layernorm"));

    /** Those that a weight file uses. */
    TensorNames in(ModelConfig config, Collection<String> inFile) {
        String prefix = Family.prefix(PREFIX, "embed_tokens.weight", inFile);
        return new TensorNames(
                new TensorNames.Embeddings(
                        Family.words(prefix + "embed_tokens.weight", HEAD, config, inFile), "", "", ""),
                new TensorNames.Block(
                        prefix + "layers.%d.", projections, "self_attn.o_proj", up, "mlp.down_proj", norms),
                new TensorNames.End(prefix + "norm", HEAD),
                "weight",
                "bias",
                UnusedTensors.ofDecoder(config, HEAD, name -> name.endsWith("rotary_emb.inv_freq")));
    }

    /** The same with normalised queries and keys. */
    DecoderNames withHeadNorms() {
        return new DecoderNames(projections, up, norms.withHeads("self_attn.q_norm", "self_attn.k_norm"));
    }
}
