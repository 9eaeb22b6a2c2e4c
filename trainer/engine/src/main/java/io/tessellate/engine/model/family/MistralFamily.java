package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Collection;

/** Mistral (Jiang et al. 2023): Llama whose tokens see a window of the last tokens only, if the file says so. */
record MistralFamily() implements Family {
    private static final int WINDOW = 4096;
    private static final int KEY_VALUE_HEADS = 8;

    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        DecoderFields decoder = new DecoderFields(fields);
        Architecture architecture = new Architecture(
                Architecture.Normalisation.RMS_BEFORE,
                RotaryFields.of(fields).read(decoder.width()),
                decoder.attention(
                        decoder.keyValueHeads(KEY_VALUE_HEADS),
                        decoder.width(),
                        decoder.sameWindows(decoder.window(WINDOW))),
                fields.gate("hidden_act", "silu"),
                Architecture.Biases.NONE,
                Architecture.Storage.LINEAR,
                fields.output(false));
        return decoder.config(modelType(), decoder.rmsEpsilon(1e-6), decoder.longest(), 0, architecture);
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
