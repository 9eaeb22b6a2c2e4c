package io.tessellate.pipeline;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.family.ConfigJson;
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
    LLAMA("llama", """
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
            "intermediate_size": 32, "max_position_embeddings": 24, "hidden_act": "silu", "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0"""),
    GPT2("gpt2", """
            "n_embd": 16, "n_layer": 2, "n_head": 2, "n_inner": 32, "n_positions": 24,
            "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5"""),
    GPT_NEO("gpt_neo", """
            "hidden_size": 16, "num_layers": 2, "num_heads": 2, "intermediate_size": 32,
            "max_position_embeddings": 24, "attention_types": [[["global", "local"], 1]], "window_size": 4,
            "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5"""),
    OPT("opt", """
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 32,
            "max_position_embeddings": 24, "word_embed_proj_dim": 16, "do_layer_norm_before": true,
            "activation_function": "relu", "dropout": 0.0"""),
    MISTRAL("mistral", SmallDecoder.SHARED + """
            , "hidden_act": "silu", "sliding_window": 4"""),
    /** Without a window: versions of transformers differ in which layers it holds for. */
    QWEN2("qwen2", SmallDecoder.SHARED + """
            , "hidden_act": "silu", "use_sliding_window": false"""),
    QWEN3("qwen3", SmallDecoder.SHARED + """
            , "hidden_act": "silu", "head_dim": 6"""),
    PHI3("phi3", SmallDecoder.SHARED + """
            , "hidden_act": "silu", "sliding_window": 6"""),
    GPT_NEOX("gpt_neox", """
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32,
            "max_position_embeddings": 24, "hidden_act": "gelu", "rotary_pct": 0.5"""),
    GEMMA2("gemma2", SmallDecoder.SHARED + """
            , "head_dim": 6, "sliding_window": 4, "query_pre_attn_scalar": 9, "attn_logit_softcapping": 5.0,
            "final_logit_softcapping": 8.0"""),
    GEMMA3("gemma3_text", SmallDecoder.SHARED + """
            , "head_dim": 6, "sliding_window": 4, "query_pre_attn_scalar": 9, "sliding_window_pattern": 2""");

    private static final String SHARED = """
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
            "intermediate_size": 32, "max_position_embeddings": 24, "rms_norm_eps": 1e-5""";

    static final int VOCABULARY = 5 + TinyBase.WORDS.size();

    private final String type;
    private final String fields;

    SmallDecoder(String type, String fields) {
        this.type = type;
        this.fields = fields;
    }

    Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "%s", "vocab_size": %d, "tie_word_embeddings": true, "pad_token_id": 0,
                 "bos_token_id": 2, "eos_token_id": 3, "torch_dtype": "float32", %s}
                """.formatted(type, VOCABULARY, fields));
        Files.writeString(directory.resolve("tokenizer.json"), new WordTokenizer(TinyBase.WORDS).toJson());
        ModelConfig config = ConfigJson.read(directory.resolve("config.json"));
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
