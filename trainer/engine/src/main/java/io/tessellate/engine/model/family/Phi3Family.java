package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.Collection;
import java.util.List;

/**
 * Phi-3 and 4-mini (Abdin et al. 2024): Llama whose queries, keys and values are one tensor, as are gate and input of the
 * feed-forward block. Models for longer sequences stretch their rotary embeddings in two ways, one for sequences up to the
 * first length and one beyond. Each sequence is turned by its own length, where Hugging Face's library goes by the longest of a batch.
 */
record Phi3Family() implements Family {
    private static final int FIRST_LENGTH = 4096;
    private static final int PAD = 32_000;

    @Override
    public String modelType() {
        return "phi3";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        DecoderFields decoder = new DecoderFields(fields);
        int longest = decoder.longest();
        int first = fields.integer("original_max_position_embeddings", FIRST_LENGTH);
        int width = decoder.width();
        Positions.Rotary rotary =
                RotaryFields.of(fields).partial("partial_rotary_factor", 1).readLong(width, first, longest);
        Architecture architecture = new Architecture(
                Architecture.Normalisation.RMS_BEFORE,
                rotary,
                decoder.attention(
                        decoder.keyValueHeads(decoder.heads()), width, decoder.sameWindows(decoder.window(0))),
                fields.gate("hidden_act", "silu"),
                Architecture.Biases.NONE,
                Architecture.Storage.FUSED,
                fields.output(false));
        return decoder.config(modelType(), decoder.rmsEpsilon(1e-5), longest, PAD, architecture);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        return new DecoderNames(List.of("self_attn.qkv_proj"), List.of("mlp.gate_up_proj"), DecoderNames.LLAMA.norms())
                .in(config, inFile);
    }

    @Override
    public String headedPrefix() {
        return DecoderNames.PREFIX;
    }
}
