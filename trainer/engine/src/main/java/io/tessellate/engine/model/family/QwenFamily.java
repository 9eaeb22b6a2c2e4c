package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;

/**
 * Qwen 2 and 2.5 (Yang et al. 2024), whose queries, keys and values have biases, and Qwen 3 (Yang et al. 2025), whose
 * queries and keys are normalised instead. In either, the upper layers may see a window of the last tokens only.
 *
 * @param third whether it is Qwen 3
 */
record QwenFamily(boolean third) implements Family {
    private static final int WINDOW = 4096;
    private static final int WHOLE_LAYERS = 28;
    private static final int KEY_VALUE_HEADS = 32;
    private static final int WIDTH_OF_THIRD = 128;

    @Override
    public String modelType() {
        return third ? "qwen3" : "qwen2";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        DecoderFields decoder = new DecoderFields(fields);
        int width = third ? decoder.width(WIDTH_OF_THIRD) : decoder.width();
        int window = fields.truth("use_sliding_window", false) ? decoder.window(WINDOW) : 0;
        int whole = fields.integer("max_window_layers", WHOLE_LAYERS);
        Architecture.Attention attention = decoder.attention(
                decoder.keyValueHeads(KEY_VALUE_HEADS), width, decoder.windows(window, layer -> layer >= whole));
        boolean bias = third && fields.truth("attention_bias", false);
        Architecture architecture = new Architecture(
                Architecture.Normalisation.RMS_BEFORE,
                RotaryFields.of(fields).read(width),
                third ? attention.withNorms() : attention,
                fields.gate("hidden_act", "silu"),
                new Architecture.Biases(!third || bias, bias, false),
                Architecture.Storage.LINEAR,
                fields.output(false));
        return decoder.config(modelType(), decoder.rmsEpsilon(1e-6), decoder.longest(), 0, architecture);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        return (third ? DecoderNames.LLAMA.withHeadNorms() : DecoderNames.LLAMA).in(config, inFile);
    }

    @Override
    public String headedPrefix() {
        return DecoderNames.PREFIX;
    }
}
