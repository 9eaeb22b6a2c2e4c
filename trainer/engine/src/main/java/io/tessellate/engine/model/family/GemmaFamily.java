package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.Collection;

/**
 * Gemma 2 (Gemma Team 2024), which caps scores and logits, and the language models of Gemma 3 (Gemma Team 2025), which
 * normalise queries and keys instead and turn them otherwise in layers that see a window only. In both, four normalisations
 * to a layer keep their gains as differences from 1, and embeddings are multiplied with the root of their width.
 *
 * @param third whether it is Gemma 3
 */
record GemmaFamily(boolean third) implements Family {
    private static final int WINDOW = 4096;
    private static final int KEY_VALUE_HEADS = 4;
    private static final int WIDTH = 256;
    private static final String ATTENTION_CAP = "attn_logit_softcapping";
    private static final String LOGIT_CAP = "final_logit_softcapping";

    @Override
    public String modelType() {
        return third ? "gemma3_text" : "gemma2";
    }

    @Override
    public ModelConfig config(ConfigFields fields) {
        fields.require("use_bidirectional_attention", false);
        DecoderFields decoder = new DecoderFields(fields);
        int width = decoder.width(WIDTH);
        boolean bias = fields.truth("attention_bias", false);
        Architecture architecture = new Architecture(
                Architecture.Normalisation.RMS_AROUND,
                positions(fields, width),
                attention(decoder, width),
                fields.gate("hidden_activation", "gelu_pytorch_tanh"),
                new Architecture.Biases(bias, bias, false),
                Architecture.Storage.LINEAR,
                fields.output(true),
                new Architecture.Vocabulary(
                        (float) Math.sqrt(decoder.hidden()), cap(fields, LOGIT_CAP, third ? 0 : 30)));
        return decoder.config(modelType(), decoder.rmsEpsilon(1e-6), decoder.longest(), 0, architecture);
    }

    private Positions.Rotary positions(ConfigFields fields, int width) {
        return third
                ? RotaryFields.of(fields).readByLayer(width)
                : RotaryFields.of(fields).read(width);
    }

    private Architecture.Attention attention(DecoderFields decoder, int width) {
        ConfigFields fields = decoder.fields();
        int period = third ? fields.integer("sliding_window_pattern", fields.integer("_sliding_window_pattern", 6)) : 2;
        if (period < 1) {
            throw fields.unsupported("sliding_window_pattern must be positive, not %d".formatted(period));
        }
        Architecture.Attention attention = decoder.attention(
                decoder.keyValueHeads(KEY_VALUE_HEADS),
                width,
                decoder.windows(decoder.window(WINDOW), layer -> (layer + 1) % period != 0));
        double scale = 1 / Math.sqrt(fields.positive("query_pre_attn_scalar", WIDTH));
        if (!third) {
            return attention.withScores(scale, cap(fields, ATTENTION_CAP, 50));
        }
        if (fields.has(ATTENTION_CAP)) {
            throw fields.unsupported("%s must be null: Gemma 3 caps no scores".formatted(ATTENTION_CAP));
        }
        return attention.withScores(scale, 0).withNorms();
    }

    /** Null means that nothing is capped. */
    private static float cap(ConfigFields fields, String field, double unmentioned) {
        return (float) (fields.mentions(field) ? fields.positive(field, 0) : unmentioned);
    }

    @Override
    public TensorNames names(ModelConfig config, Collection<String> inFile) {
        DecoderNames names = new DecoderNames(
                DecoderNames.LLAMA.projections(),
                DecoderNames.LLAMA.up(),
                new TensorNames.Norms(
                        "",
                        "",
                        "input_layernorm",
                        "post_attention_layernorm",
                        "pre_feedforward_layernorm",
                        "post_feedforward_layernorm"));
        return (third ? names.withHeadNorms() : names).in(config, inFile);
    }

    @Override
    public String headedPrefix() {
        return DecoderNames.PREFIX;
    }
}
