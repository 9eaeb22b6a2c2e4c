package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.weights.Weights;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes along with a model, and what does not. */
class BaseFilesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.json",
                "tokenizer.json",
                "generation_config.json",
                "tokenizer_config.json",
                "special_tokens_map.json",
                "added_tokens.json",
                "chat_template.jinja",
                "chat_template.json",
                "vocab.txt",
                "vocab.json",
                "merges.txt",
                "tokenizer.model",
                "spiece.model",
                "sentencepiece.bpe.model",
                "source.spm",
                "LICENSE",
                "LICENSE.md",
                "NOTICE",
                "README.md",
                "a-file-of-tomorrow.json"
            })
    void textsAndTokenizerFilesBelongToAModel(String name) {
        assertThat(BaseFiles.reasonToLeaveOut(name, 1000)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pytorch_model.bin, pickled",
        "training_args.bin, pickled",
        "optimizer.pt, pickled",
        "modeling_custom.py, code",
        "tf_model.h5, weights",
        "model.onnx, weights",
        "model-q4.gguf, weights",
        "adapter_model.safetensors, weights",
        "pytorch_model.bin.index.json, about files that are not kept",
        "modules.json, about files that are not kept",
        "adapter_config.json, about files that are not kept",
        "train.parquet, no text",
        "eval.jsonl, no text",
        "picture.png, no text",
        "ein Brief.txt, a name with other characters",
    })
    void picklesCodeAndWhatIsNotTheModelsAreLeftOutWithAReason(String name, String reason) {
        assertThat(BaseFiles.reasonToLeaveOut(name, 1000)).get().asString().contains(reason);
    }

    @Test
    void onlyTheTwoFilesThatEveryModelNeedsMayBeLarge() {
        assertThat(BaseFiles.reasonToLeaveOut("notes.txt", BaseFiles.LARGEST)).isEmpty();
        assertThat(BaseFiles.reasonToLeaveOut("notes.txt", BaseFiles.LARGEST + 1))
                .contains("larger than 16 MiB");
        assertThat(BaseFiles.reasonToLeaveOut("tokenizer.json", BaseFiles.LARGEST + 1))
                .isEmpty();
    }

    @Test
    void aDirectoryIsSortedAndWhatIsLeftOutIsSaidInOneLine() throws Exception {
        StoredModel model = StoredModel.copy("llama", directory)
                .file("generation_config.json", "{\"eos_token_id\":[2]}")
                .file("LICENSE", "free")
                .file("pytorch_model.bin", "x")
                .file("optimizer.pt", "x")
                .file(".gitattributes", "x")
                .write(2);
        Files.createDirectory(directory.resolve("onnx"));
        BaseModel base = BaseModel.load(model.directory());
        assertThat(base.files().kept())
                .containsExactly("config.json", "tokenizer.json", "LICENSE", "generation_config.json");
        assertThat(base.remarks())
                .containsExactly("files not kept: onnx (a folder); "
                        + "optimizer.pt, pytorch_model.bin (pickled, which is never read)");
    }

    @Test
    void anExportHoldsAllOfThemAndIsReadTheSame() throws Exception {
        StoredModel model = StoredModel.copy("gpt2", directory.resolve("model"))
                .file("generation_config.json", "{\"eos_token_id\":[7]}")
                .file("tokenizer_config.json", "{\"eos_token\":\"</s>\"}")
                .file("chat_template.jinja", "{{ messages }}")
                .file("modeling.py", "print()");
        Path exported = exported(model);
        assertThat(List.of(Objects.requireNonNull(exported.toFile().list())))
                .containsExactlyInAnyOrder(
                        "config.json",
                        "tokenizer.json",
                        "model.safetensors",
                        "generation_config.json",
                        "tokenizer_config.json",
                        "chat_template.jinja");
        assertThat(EndTokens.of(exported)).containsExactly(7);
        assertThat(exported.resolve("chat_template.jinja")).hasContent("{{ messages }}");
    }

    /** Windows editors put a mark before a text, and Hugging Face's library does not read a config.json that has one. */
    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "ORIGINAL"})
    void aByteOrderMarkIsReadOverAndNotExported(ModelExport.Precision precision) throws Exception {
        StoredModel model = StoredModel.copy("gpt2", directory.resolve("model"));
        Path config = model.directory().resolve("config.json");
        model.file("config.json", "\uFEFF" + Files.readString(config, StandardCharsets.UTF_8));
        BaseModel base = BaseModel.load(model.directory());
        Path exported = directory.resolve("exported");
        try (Weights weights = base.weights(Backends.open(Backends.HOST))) {
            new ModelExport(base, precision).write(weights, exported);
        }
        assertThat(Files.readString(exported.resolve("config.json"))).startsWith("{");
        assertThat(BaseModel.load(exported).config()).isEqualTo(base.config());
    }

    private Path exported(StoredModel model) {
        BaseModel base = BaseModel.load(model.directory());
        Path exported = directory.resolve("exported");
        try (Weights weights = base.weights(Backends.open(Backends.HOST))) {
            new ModelExport(base, ModelExport.Precision.SINGLE).write(weights, exported);
        }
        return exported;
    }
}
