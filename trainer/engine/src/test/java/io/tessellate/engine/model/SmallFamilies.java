package io.tessellate.engine.model;

import io.tessellate.engine.model.Architecture.Biases;
import io.tessellate.engine.model.Architecture.Normalisation;
import io.tessellate.engine.model.Architecture.Output;
import io.tessellate.engine.model.Architecture.Storage;
import java.util.List;

/** A small configuration of odd sizes for each family; each of them has positions for eleven tokens. */
enum SmallFamilies {
    BERT(SmallModel.CONFIG),
    ROBERTA(of("roberta", 1, Architecture.bert(2, 10, 2))),
    DISTILBERT(of("distilbert", 0, Architecture.bert(2, 10, 0))),
    LLAMA(of(
            "llama",
            0,
            new Architecture(
                    Normalisation.RMS_BEFORE,
                    new Positions.Rotary(100, new Positions.Llama3(4, 1, 4, 8)),
                    new Architecture.Attention(1, 6, true, true, List.of()),
                    Activation.SILU_GATE,
                    Biases.NONE,
                    Storage.LINEAR,
                    Output.OWN))),
    /** Biases everywhere, as {@code attention_bias} and {@code mlp_bias} ask for; tied, keys shared by none. */
    LLAMA_WITH_BIASES(of(
            "llama",
            0,
            new Architecture(
                    Normalisation.RMS_BEFORE,
                    new Positions.Rotary(10_000, new Positions.Linear(2)),
                    new Architecture.Attention(2, 10, true, true, List.of()),
                    Activation.SILU_GATE,
                    Biases.ALL,
                    Storage.LINEAR,
                    Output.TIED))),
    GPT2(of(
            "gpt2",
            0,
            new Architecture(
                    Normalisation.LAYER_BEFORE,
                    new Positions.Learned(0),
                    new Architecture.Attention(2, 10, true, true, List.of()),
                    Activation.TANH_GELU,
                    Biases.ALL,
                    Storage.CONV1D,
                    Output.TIED))),
    GPT_NEO(of(
            "gpt_neo",
            0,
            new Architecture(
                    Normalisation.LAYER_BEFORE,
                    new Positions.Learned(0),
                    new Architecture.Attention(2, 10, false, true, List.of(0, 3)),
                    Activation.TANH_GELU,
                    new Biases(false, true, true),
                    Storage.LINEAR,
                    Output.TIED))),
    OPT(of(
            "opt",
            0,
            new Architecture(
                    Normalisation.LAYER_BEFORE,
                    new Positions.Learned(2),
                    new Architecture.Attention(2, 10, true, true, List.of()),
                    Activation.RELU,
                    Biases.ALL,
                    Storage.LINEAR,
                    Output.TIED)));

    private final ModelConfig config;

    SmallFamilies(ModelConfig config) {
        this.config = config;
    }

    ModelConfig config() {
        return config;
    }

    ParameterLayout layout() {
        return ParameterLayout.of(config);
    }

    private static ModelConfig of(String type, int tokenTypes, Architecture architecture) {
        return new ModelConfig(type, 37, 20, 2, 2, 33, 11, tokenTypes, 1e-5f, 1, architecture);
    }
}
