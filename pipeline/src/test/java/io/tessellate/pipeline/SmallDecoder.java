package io.tessellate.pipeline;

import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.Architecture.Attention;
import io.tessellate.engine.model.config.Architecture.Biases;
import io.tessellate.engine.model.config.Architecture.Normalisation;
import io.tessellate.engine.model.config.Architecture.Output;
import io.tessellate.engine.model.config.Architecture.Storage;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Hugging Face directories with seeded random decoders of two layers, one of each family. */
enum SmallDecoder {
    LLAMA(
            "llama",
            new Architecture(
                    Normalisation.RMS_BEFORE,
                    new Positions.Rotary(10_000, new Positions.Unscaled()),
                    new Attention(1, 8, true, true, List.of()),
                    Activation.SILU_GATE,
                    Biases.NONE,
                    Storage.LINEAR,
                    Output.TIED),
            """
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
            "intermediate_size": 32, "max_position_embeddings": 24, "hidden_act": "silu", "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0"""),
    GPT2("gpt2", learned(0, true, List.of(), Activation.TANH_GELU, Biases.ALL, Storage.CONV1D), """
            "n_embd": 16, "n_layer": 2, "n_head": 2, "n_inner": 32, "n_positions": 24,
            "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5"""),
    GPT_NEO(
            "gpt_neo",
            learned(0, false, List.of(0, 4), Activation.TANH_GELU, new Biases(false, true, true), Storage.LINEAR),
            """
            "hidden_size": 16, "num_layers": 2, "num_heads": 2, "intermediate_size": 32,
            "max_position_embeddings": 24, "attention_types": [[["global", "local"], 1]], "window_size": 4,
            "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5"""),
    OPT("opt", learned(2, true, List.of(), Activation.RELU, Biases.ALL, Storage.LINEAR), """
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 32,
            "max_position_embeddings": 24, "word_embed_proj_dim": 16, "do_layer_norm_before": true,
            "activation_function": "relu", "dropout": 0.0""");

    static final int VOCABULARY = 5 + TinyBase.WORDS.size();

    private final String type;
    private final Architecture architecture;
    private final String fields;

    SmallDecoder(String type, Architecture architecture, String fields) {
        this.type = type;
        this.architecture = architecture;
        this.fields = fields;
    }

    private static Architecture learned(
            int offset, boolean scaled, List<Integer> windows, Activation activation, Biases biases, Storage storage) {
        return new Architecture(
                Normalisation.LAYER_BEFORE,
                new Positions.Learned(offset),
                new Attention(2, 8, scaled, true, windows),
                activation,
                biases,
                storage,
                Output.TIED);
    }

    Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "%s", "vocab_size": %d, "tie_word_embeddings": true, "pad_token_id": 0,
                 "bos_token_id": 2, "eos_token_id": 3, "torch_dtype": "float32", %s}
                """.formatted(type, VOCABULARY, fields));
        Files.writeString(directory.resolve("tokenizer.json"), new WordTokenizer(TinyBase.WORDS).toJson());
        ModelConfig config = new ModelConfig(type, VOCABULARY, 16, 2, 2, 32, 24, 0, 1e-5f, 0, architecture);
        Random random = new Random(17);
        List<TensorSource> tensors = ParameterLayout.of(config).tensors().stream()
                .map(tensor -> {
                    boolean gain = tensor.shape().rank() == 1 && tensor.name().endsWith("weight");
                    float[] values = new float[tensor.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (0.3 * random.nextGaussian() + (gain ? 1 : 0));
                    }
                    return TensorSource.floats(tensor.name(), tensor.shape(), values);
                })
                .toList();
        SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
        return directory;
    }
}
