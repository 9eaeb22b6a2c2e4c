package io.tessellate.pipeline;

import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A Hugging Face directory with a seeded random Llama of one layer, which reads the words of {@link TinyBase}. */
final class TinyDecoder {
    private static final int SPECIAL = 5;
    private static final int VOCABULARY = SPECIAL + TinyBase.WORDS.size();
    private static final int HIDDEN = 16;
    private static final int INNER = 32;
    private static final String LAYER = "model.layers.0.";

    private final Random random = new Random(12);
    private final List<TensorSource> tensors = new ArrayList<>();

    private TinyDecoder() {}

    static Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": 1,
                 "num_attention_heads": 2, "intermediate_size": %d, "max_position_embeddings": 32,
                 "hidden_act": "silu", "rms_norm_eps": 1e-5, "tie_word_embeddings": true, "eos_token_id": 4}
                """.formatted(VOCABULARY, HIDDEN, INNER));
        Files.writeString(directory.resolve("tokenizer.json"), new WordTokenizer(TinyBase.WORDS).toJson());
        SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), new TinyDecoder().decoder());
        return directory;
    }

    private List<TensorSource> decoder() {
        tensor("model.embed_tokens.weight", VOCABULARY, HIDDEN);
        for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
            tensor(LAYER + "self_attn." + name + ".weight", HIDDEN, HIDDEN);
        }
        tensor(LAYER + "mlp.gate_proj.weight", INNER, HIDDEN);
        tensor(LAYER + "mlp.up_proj.weight", INNER, HIDDEN);
        tensor(LAYER + "mlp.down_proj.weight", HIDDEN, INNER);
        vector(LAYER + "input_layernorm.weight");
        vector(LAYER + "post_attention_layernorm.weight");
        vector("model.norm.weight");
        return tensors;
    }

    private void tensor(String name, int rows, int columns) {
        float[] values = values(rows * columns);
        tensors.add(TensorSource.floats(name, Shape.of(rows, columns), values));
    }

    private void vector(String name) {
        tensors.add(TensorSource.floats(name, Shape.of(HIDDEN), values(HIDDEN)));
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        return values;
    }
}
