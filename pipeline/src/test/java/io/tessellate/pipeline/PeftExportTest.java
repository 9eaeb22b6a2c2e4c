package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.pipeline.export.PeftExport;
import io.tessellate.pipeline.export.VersionView;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an exported adapter says about the model that it is to be loaded on. */
class PeftExportTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final HeadTensor HEAD = new HeadTensor("bias", Shape.of(2), new float[] {1, 2});

    @TempDir
    private Path directory;

    private BlobStore blobs;

    @BeforeEach
    void openTheStore() {
        blobs = new DirectoryBlobStore(directory.resolve("blobs"));
    }

    private ModelLine line(BaseModel base, String origin, List<HeadTensor> head) {
        EligibleTensor tensor = base.layout().eligible().tensor(0);
        var update = TensorUpdate.listed(
                tensor.name(), Shape.of(tensor.rows(), tensor.columns()), new int[] {3}, new float[] {1});
        var metadata = new AdapterMetadata(
                base.digest(),
                VersionDigest.base(base.digest()),
                TaskId.of("tiny", "one"),
                "lotto",
                new RunId("run-1"),
                "{}");
        Path file = directory.resolve("adapter.safetensors");
        AdapterFile.write(file, new Adapter(metadata, List.of(update), head));
        return new RegisteredModel(blobs, base, origin).commit("one", file).line();
    }

    private PeftExport.Written export(ModelLine line, String basePath) {
        return new PeftExport(blobs, RegisteredModel.MANIFESTS, Optional.ofNullable(basePath))
                .shira(new VersionView(line, 1, null), directory.resolve("out"));
    }

    private JsonNode configuration() throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(directory.resolve("out/adapter_config.json").toFile());
    }

    private List<String> tensors() {
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("out/adapter_model.safetensors"))) {
            return List.copyOf(file.tensorNames());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LLAMA,model.layers.0.self_attn.q_proj",
        "GPT_NEO,transformer.h.0.attn.attention.q_proj",
        "OPT,model.decoder.layers.0.self_attn.q_proj",
        "MISTRAL,model.layers.0.self_attn.q_proj",
        "QWEN2,model.layers.0.self_attn.q_proj",
        "QWEN3,model.layers.0.self_attn.q_proj",
        "PHI3,model.layers.0.self_attn.qkv_proj",
        "GPT_NEOX,gpt_neox.layers.0.attention.query_key_value",
        "GEMMA2,model.layers.0.self_attn.q_proj",
        "GEMMA3,model.layers.0.self_attn.q_proj"
    })
    void aGenerationTaskIsForTheModelWithItsHead(SmallDecoder family, String layer) throws IOException {
        BaseModel base = BaseModel.load(family.write(directory.resolve("base")));
        export(line(base, "", List.of()), null);
        assertThat(configuration().path("task_type").asText()).isEqualTo("CAUSAL_LM");
        assertThat(configuration().path("target_modules"))
                .singleElement()
                .extracting(JsonNode::asText)
                .isEqualTo(layer);
        assertThat(tensors()).allMatch(name -> name.startsWith("base_model.model." + layer + ".shira_"));
    }

    @Test
    void aTaskWithAHeadOfItsOwnIsForTheBareModelWhateverTheBasesFileIs() throws IOException {
        BaseModel base = BaseModel.load(SmallDecoder.LLAMA.write(directory.resolve("base")));
        export(line(base, "", List.of(HEAD)), null);
        assertThat(configuration().path("task_type").asText()).isEqualTo("FEATURE_EXTRACTION");
        assertThat(tensors()).allMatch(name -> name.startsWith("base_model.model.layers.0.self_attn.q_proj."));
    }

    @Test
    void anEncoderIsForTheBareModel() throws IOException {
        BaseModel base = BaseModel.load(TinyBase.write(directory.resolve("base")));
        export(line(base, "", List.of(HEAD)), null);
        assertThat(configuration().path("task_type").asText()).isEqualTo("FEATURE_EXTRACTION");
        assertThat(tensors()).allMatch(name -> name.startsWith("base_model.model.encoder.layer.0."));
    }

    @Test
    void theBaseLiesBesideTheAdapterWithAllItsFiles() throws IOException {
        Path folder = SmallDecoder.LLAMA.write(directory.resolve("base"));
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 7}");
        BaseModel base = BaseModel.load(folder);
        PeftExport.Written written = export(line(base, "", List.of()), null);
        Path copy = directory.resolve("out/base");
        assertThat(written.base()).isEqualTo(copy.toAbsolutePath().toString());
        assertThat(configuration().path("base_model_name_or_path").asText()).isEqualTo(written.base());
        assertThat(copy.resolve("generation_config.json")).hasContent("{\"eos_token_id\": 7}");
        assertThat(EndTokens.of(copy)).containsExactly(7);
        assertThat(BaseModel.load(copy).layout()).isEqualTo(base.layout());
    }

    @Test
    void aModelOfTheHubIsNamedWithItsCommit() throws IOException {
        BaseModel base = BaseModel.load(SmallDecoder.LLAMA.write(directory.resolve("base")));
        export(line(base, "hf:org/small@" + COMMIT, List.of()), null);
        assertThat(configuration().path("base_model_name_or_path").asText()).isEqualTo("org/small");
        assertThat(configuration().path("revision").asText()).isEqualTo(COMMIT);
        assertThat(directory.resolve("out/base")).doesNotExist();
    }

    @Test
    void aBaseThatIsGivenIsNamedIfItHoldsTheSameWeights() throws IOException {
        BaseModel base = BaseModel.load(SmallDecoder.LLAMA.write(directory.resolve("base")));
        ModelLine line = line(base, "", List.of());
        Path other = SmallDecoder.OPT.write(directory.resolve("other"));
        assertThatThrownBy(() -> export(line, other.toString()))
                .hasMessageContaining("holds other weights than the base of tiny");
        assertThat(directory.resolve("out")).doesNotExist();
        assertThat(export(line, base.directory().toString()).base())
                .isEqualTo(base.directory().toAbsolutePath().toString());
        assertThat(directory.resolve("out/base")).doesNotExist();
    }

    @Test
    void aRepositoryThatIsGivenIsTakenAsItIs() throws IOException {
        BaseModel base = BaseModel.load(SmallDecoder.LLAMA.write(directory.resolve("base")));
        assertThat(export(line(base, "", List.of()), "org/name").base()).isEqualTo("org/name");
        assertThat(configuration().has("revision")).isFalse();
    }

    @Test
    void aModelWhoseLayersAreTransposedHasNoShiraAdapter() throws IOException {
        BaseModel base = BaseModel.load(SmallDecoder.GPT2.write(directory.resolve("base")));
        ModelLine line = line(base, "", List.of());
        assertThatThrownBy(() -> export(line, null))
                .hasMessageContaining("tiny is a gpt2 model, whose weights are stored");
    }
}
