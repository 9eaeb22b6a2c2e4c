package io.tessellate.pipeline;

import io.tessellate.safetensors.DType;
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

/** A Hugging Face directory with a seeded random encoder of one layer and a tokenizer of a few words. */
final class TinyBase {
    static final List<String> WORDS = List.of(
            "red", "green", "blue", "cat", "dog", "bird", "runs", "sleeps", "sings", "the", "a", "and", "fast", "slow");

    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final int HIDDEN = 16;
    private static final int INNER = 32;
    private static final int POSITIONS = 24;
    private static final int VOCABULARY = SPECIAL.size() + WORDS.size();

    private final DType dtype;
    private final Random random = new Random(11);
    private final List<TensorSource> tensors = new ArrayList<>();

    private TinyBase(DType dtype) {
        this.dtype = dtype;
    }

    static Path write(Path directory) throws IOException {
        return write(directory, DType.F32);
    }

    /** The same with a weight file of BF16. */
    static Path writeBrainFloats(Path directory) throws IOException {
        return write(directory, DType.BF16);
    }

    private static Path write(Path directory, DType dtype) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), config());
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer());
        TinyBase base = new TinyBase(dtype);
        base.encoder();
        SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of("format", "pt"), base.tensors);
        return directory;
    }

    private void encoder() {
        matrix("embeddings.word_embeddings.weight", VOCABULARY, HIDDEN);
        matrix("embeddings.position_embeddings.weight", POSITIONS, HIDDEN);
        matrix("embeddings.token_type_embeddings.weight", 2, HIDDEN);
        norm("embeddings.LayerNorm.");
        String layer = "encoder.layer.0.";
        for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
            dense(layer + "attention." + part, HIDDEN, HIDDEN);
        }
        norm(layer + "attention.output.LayerNorm.");
        dense(layer + "intermediate.dense", INNER, HIDDEN);
        dense(layer + "output.dense", HIDDEN, INNER);
        norm(layer + "output.LayerNorm.");
    }

    private void dense(String name, int rows, int columns) {
        matrix(name + ".weight", rows, columns);
        vector(name + ".bias", rows, 0);
    }

    private void norm(String name) {
        vector(name + "weight", HIDDEN, 1);
        vector(name + "bias", HIDDEN, 0);
    }

    private void matrix(String name, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        tensors.add(TensorSource.floats("bert." + name, dtype, Shape.of(rows, columns), () -> values));
    }

    private void vector(String name, int length, float value) {
        float[] values = new float[length];
        java.util.Arrays.fill(values, value);
        tensors.add(TensorSource.floats("bert." + name, dtype, Shape.of(length), () -> values));
    }

    private static String config() {
        return """
                {"model_type":"bert","architectures":["BertModel"],"hidden_size":%d,"intermediate_size":%d,
                 "num_hidden_layers":1,"num_attention_heads":2,"vocab_size":%d,"max_position_embeddings":%d,
                 "type_vocab_size":2,"hidden_act":"gelu","layer_norm_eps":1e-12,"pad_token_id":0,
                 "hidden_dropout_prob":0.0,"attention_probs_dropout_prob":0.0}
                """.formatted(HIDDEN, INNER, VOCABULARY, POSITIONS);
    }

    private static String tokenizer() {
        List<String> all = new ArrayList<>(SPECIAL);
        all.addAll(WORDS);
        List<String> added = new ArrayList<>();
        List<String> vocabulary = new ArrayList<>();
        for (int id = 0; id < all.size(); id++) {
            vocabulary.add("\"%s\":%d".formatted(all.get(id), id));
            if (id < SPECIAL.size()) {
                added.add("""
                        {"id":%d,"content":"%s","single_word":false,"lstrip":false,"rstrip":false,
                         "normalized":false,"special":true}
                        """.formatted(id, all.get(id)));
            }
        }
        return """
                {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],
                 "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
                   "strip_accents":null,"lowercase":true},
                 "pre_tokenizer":{"type":"BertPreTokenizer"},
                 "post_processor":{"type":"TemplateProcessing",
                   "single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
                     {"SpecialToken":{"id":"[SEP]","type_id":0}}],
                   "pair":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
                     {"SpecialToken":{"id":"[SEP]","type_id":0}},{"Sequence":{"id":"B","type_id":1}},
                     {"SpecialToken":{"id":"[SEP]","type_id":1}}],
                   "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},
                     "[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
                 "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
                 "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
                   "max_input_chars_per_word":100,"vocab":{%s}}}
                """.formatted(String.join(",", added), String.join(",", vocabulary));
    }
}
