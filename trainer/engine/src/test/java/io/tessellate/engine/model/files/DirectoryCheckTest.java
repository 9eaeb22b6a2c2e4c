package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories as people have them, whole and not. */
class DirectoryCheckTest {
    @TempDir
    Path directory;

    private StoredModel model;

    @BeforeEach
    void writeAWholeModel() throws Exception {
        model = StoredModel.copy("gpt2", directory);
    }

    private void refused(ErrorCode code, String... named) {
        assertThatThrownBy(() -> BaseModel.load(directory))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code))
                .message()
                .contains(named)
                .doesNotContain("jackson", "Unexpected", "was expecting");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "model.pt"})
    void aDirectoryWithPickledWeightsOnlySaysWhatToDo(String name) throws Exception {
        Files.move(directory.resolve("model.safetensors"), directory.resolve(name));
        refused(
                ErrorCode.UNSUPPORTED_MODEL,
                "holds no model.safetensors",
                "only " + name,
                "pickled weights are never read",
                "save_pretrained");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf_model.h5", "model-q4.gguf", "model.fp16.safetensors"})
    void aDirectoryWithOtherWeightsSaysWhich(String name) throws Exception {
        Files.move(directory.resolve("model.safetensors"), directory.resolve(name));
        refused(ErrorCode.UNSUPPORTED_MODEL, "only " + name, "model.safetensors");
    }

    @Test
    void anAdapterIsNoModel() throws Exception {
        Files.move(directory.resolve("model.safetensors"), directory.resolve("adapter_model.safetensors"));
        refused(ErrorCode.UNSUPPORTED_MODEL, "only an adapter", "merge it with its base");
        Files.move(directory.resolve("config.json"), directory.resolve("adapter_config.json"));
        refused(ErrorCode.UNSUPPORTED_MODEL, "holds an adapter and no config.json");
    }

    @Test
    void safetensorsAreReadAlthoughPickledWeightsLieBesideThem() throws Exception {
        model.file("pytorch_model.bin", "x");
        assertThat(BaseModel.load(directory).remarks())
                .singleElement()
                .asString()
                .contains("pytorch_model.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vocab.txt", "tokenizer.model", "vocab.json"})
    void aTokenizerInAnotherFormIsNamed(String name) throws Exception {
        Files.move(directory.resolve("tokenizer.json"), directory.resolve(name));
        refused(ErrorCode.UNSUPPORTED_MODEL, "holds no tokenizer.json, only " + name, "save_pretrained");
    }

    @Test
    void aPathToNothingIsNamed() {
        assertThatThrownBy(() -> BaseModel.load(directory.resolve("nowhere")))
                .hasMessage(directory.resolve("nowhere") + " is no directory");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"a\": 1,', 'line 1, column 1: the object that begins here is not closed'",
        "'', it holds nothing",
        "'[1]', holds a JSON array where an object is due",
        "'{} {}', a second object begins here",
        "'version https://git-lfs.example/spec/v1', is a pointer of Git LFS"
    })
    void aConfigurationThatIsNoObjectIsNamedInOurWords(String text, String named) throws Exception {
        model.file("config.json", text);
        refused(ErrorCode.MALFORMED_FILE, directory.resolve("config.json").toString(), named);
    }

    @Test
    void otherEncodingsAreNamed() throws Exception {
        Files.write(directory.resolve("config.json"), "\uFEFF{}".getBytes(StandardCharsets.UTF_16LE));
        refused(ErrorCode.MALFORMED_FILE, "is UTF-16, not UTF-8");
        Files.write(directory.resolve("config.json"), "{\"a\":\"Zürich\"}".getBytes(StandardCharsets.ISO_8859_1));
        refused(ErrorCode.MALFORMED_FILE, "is not UTF-8");
        Files.write(directory.resolve("config.json"), new byte[] {0x1f, (byte) 0x8b, 8});
        refused(ErrorCode.MALFORMED_FILE, "is compressed by gzip");
    }

    @Test
    void weightsThatWereNotFetchedAreNamed() throws Exception {
        model.file("model.safetensors", "version https://git-lfs.example/spec/v1\noid sha256:0\nsize 5\n");
        refused(ErrorCode.MALFORMED_FILE, "model.safetensors is a pointer of Git LFS", "git lfs pull");
    }

    @Test
    void aModelWithoutTypeIsToldWhichThereAre() throws Exception {
        model.config(json -> json.remove("model_type"));
        refused(ErrorCode.UNSUPPORTED_MODEL, "model_type is missing; known are bert, roberta");
        model.config(json -> json.put("model_type", "gpt2").putObject("quantization_config"));
        refused(ErrorCode.UNSUPPORTED_MODEL, "quantization_config");
    }

    @Test
    void aConfigurationNeedsNeitherArchitecturesNorAType() throws Exception {
        ModelConfig config = BaseModel.load(directory).config();
        for (String type : List.of("torch_dtype", "dtype")) {
            model.config(json -> json.remove(List.of("architectures", "torch_dtype", "dtype")));
            assertThat(BaseModel.load(directory).config()).isEqualTo(config);
            model.config(json -> json.put(type, "float16"));
            assertThat(BaseModel.load(directory).config()).isEqualTo(config);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "n_head,\"4\",n_head must be an integer",
        "tie_word_embeddings,\"yes\",tie_word_embeddings must be true or false",
        "activation_function,1,activation_function must be a text",
        "n_layer,null,n_layer is missing",
    })
    void aFieldOfAnotherTypeIsNamed(String field, String value, String named) throws Exception {
        model.config(json -> set(json, field, value));
        refused(ErrorCode.UNSUPPORTED_MODEL, named);
    }

    private static void set(ObjectNode json, String field, String value) {
        switch (value) {
            case "null" -> json.putNull(field);
            case "1" -> json.put(field, 1);
            default -> json.put(field, value.replace("\"", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert,classifier.weight",
        "roberta,classifier.out_proj.weight",
        "roberta,lm_head.dense.weight",
        "deberta-v2,lm_predictions.lm_head.dense.weight",
        "deberta-v2,mask_predictions.LayerNorm.weight",
        "deberta-v2,deberta.embeddings.position_embeddings.weight",
        "modernbert,head.norm.weight",
        "modernbert,decoder.bias",
        "distilbert,pre_classifier.weight",
        "distilbert,vocab_projector.bias",
        "llama,score.weight",
        "gpt2,score.weight",
        "gpt2,v_head.summary.weight",
        "gpt_neo,qa_outputs.bias",
        "opt,score.weight"
    })
    void aHeadOfAnEarlierFineTuningIsIgnoredAndNamed(String family, String tensor) throws Exception {
        String source = family.equals("bert") ? "roberta" : family;
        Path folder = directory.resolve("tuned");
        StoredModel tuned = StoredModel.copy(source, folder)
                .with(TensorSource.floats(tensor, Shape.of(4), new float[4]))
                .write(1);
        if (family.equals("bert")) {
            tuned.config(json -> json.put("model_type", "bert").put("max_position_embeddings", 18));
        }
        BaseModel base = BaseModel.load(folder);
        assertThat(base.ignored()).contains(tensor);
        assertThat(base.remarks()).anyMatch(line -> line.startsWith("tensors not used: ") && line.contains(tensor));
    }

    @Test
    void aTensorThatNobodyKnowsIsStillRefused() throws Exception {
        model.with(TensorSource.floats("transformer.h.0.extra", Shape.of(4), new float[4]))
                .with(TensorSource.floats("lm_head.bias", Shape.of(4), new float[4]))
                .write(1);
        refused(ErrorCode.TENSOR_MISMATCH, "unknown tensors", "transformer.h.0.extra", "lm_head.bias");
    }

    @Test
    void manyUnusedTensorsAreSaidInOneLine() throws Exception {
        for (String name :
                List.of("score.a", "score.b", "score.c", "score.d", "score.e", "transformer.h.0.attn.bias")) {
            model.with(TensorSource.floats(name, Shape.of(1), new float[1]));
        }
        model.write(1);
        assertThat(BaseModel.load(directory).remarks())
                .containsExactly("tensors not used: score.a, score.b, score.c and 2 more "
                        + "(head of an earlier fine-tuning); transformer.h.0.attn.bias (can be computed)");
    }

    @Test
    void theEndTokenOfTheGenerationConfigurationCountsBeforeTheOther() throws Exception {
        assertThat(EndTokens.of(directory)).containsExactly(2);
        model.file("generation_config.json", "{\"eos_token_id\":[5,7]}");
        assertThat(EndTokens.of(directory)).containsExactly(5, 7);
        model.file("generation_config.json", "{\"eos_token_id\":null}");
        assertThat(EndTokens.of(directory)).containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"eos_token_id\":61}',eos_token_id 61 must be one of the 61 tokens",
        "'{\"eos_token_id\":[2,99]}',eos_token_id 99 must be one of the 61 tokens",
        "'{\"eos_token_id\":-1}',eos_token_id -1 must be",
        "'{\"eos_token_id\":\"</s>\"}',eos_token_id must be the id of a token",
        "'{\"pad_token_id\":61}',pad_token_id 61 must be one of the 61 tokens"
    })
    void anEndTokenWithoutEmbeddingIsRefused(String generation, String named) throws Exception {
        model.file("generation_config.json", generation);
        refused(ErrorCode.UNSUPPORTED_MODEL, "generation_config.json", named);
    }

    @Test
    void anEndTokenOfTheConfigurationWithoutEmbeddingIsRefusedToo() throws Exception {
        Consumer<ObjectNode> beyond = json -> json.put("eos_token_id", 61);
        model.config(beyond);
        refused(ErrorCode.UNSUPPORTED_MODEL, "config.json: eos_token_id 61");
        model.config(json -> json.put("eos_token_id", 2).put("pad_token_id", -1));
        assertThat(EndTokens.of(directory)).isEqualTo(Set.of(2));
        assertThat(BaseModel.load(directory).config().padToken()).isZero();
    }
}
