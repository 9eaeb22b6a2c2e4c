package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.family.ConfigJson;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.safetensors.SafetensorsWriter;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseModelTest {
    @TempDir
    Path directory;

    private final Backend backend = Backends.open(Backends.HOST);
    private final Map<String, float[]> values = SmallModel.values(1);

    @BeforeEach
    void writeSoundFiles() throws IOException {
        Files.writeString(directory.resolve("config.json"), ConfigJson.write(SmallModel.CONFIG));
        Files.writeString(directory.resolve("tokenizer.json"), "{}");
        write(UnaryOperator.identity(), List.of());
    }

    private void write(UnaryOperator<String> rename, List<TensorSource> more) {
        List<TensorSource> tensors = new ArrayList<>(more);
        for (ParameterTensor tensor : SmallModel.LAYOUT.tensors()) {
            String name = rename.apply(tensor.name());
            if (!name.isEmpty()) {
                tensors.add(TensorSource.floats(name, tensor.shape(), values.get(tensor.name())));
            }
        }
        SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), tensors);
    }

    @Test
    void weightsAndConfigurationAreReadBack() throws IOException {
        BaseModel base = BaseModel.load(directory);
        assertThat(base.config()).isEqualTo(SmallModel.CONFIG);
        assertThat(base.layout()).isEqualTo(SmallModel.LAYOUT);
        assertThat(base.ignored()).isEmpty();
        assertThat(base.digest()).isEqualTo(Sha256.of(directory.resolve("model.safetensors")));
        try (Weights weights = base.weights(backend)) {
            values.forEach((name, floats) -> assertThat(weights.get(name)).isEqualTo(floats));
        }
    }

    @ParameterizedTest
    @CsvSource({"'',weight,bias", "bert.,gamma,beta", "'',gamma,beta"})
    void namesFollowTheFilesConvention(String prefix, String gain, String shift) {
        write(
                name -> (prefix + name.substring("bert.".length()))
                        .replace("LayerNorm.weight", "LayerNorm." + gain)
                        .replace("LayerNorm.bias", "LayerNorm." + shift),
                List.of());
        BaseModel base = BaseModel.load(directory);
        String query = prefix + "encoder.layer.0.attention.self.query.weight";
        assertThat(base.layout().eligible().contains(query)).isTrue();
        assertThat(base.layout().contains(prefix + "encoder.layer.1.output.LayerNorm." + gain))
                .isTrue();
        try (Weights weights = base.weights(backend)) {
            assertThat(weights.get(query)).isEqualTo(values.get("bert." + query.substring(prefix.length())));
        }
    }

    @Test
    void poolerAndPretrainingHeadsAreKnownAndLeftOut() {
        List<TensorSource> more = List.of(
                TensorSource.floats("bert.pooler.dense.bias", Shape.of(20), new float[20]),
                TensorSource.floats("cls.predictions.bias", Shape.of(37), new float[37]));
        write(UnaryOperator.identity(), more);
        assertThat(BaseModel.load(directory).ignored())
                .containsExactlyInAnyOrder("bert.pooler.dense.bias", "cls.predictions.bias");
    }

    @Test
    void missingUnknownAndMisshapenTensorsAreNamed() {
        String gone = "bert.encoder.layer.1.output.dense.weight";
        write(name -> name.equals(gone) ? "" : name, List.of());
        refused(ErrorCode.TENSOR_MISMATCH, gone);
        write(UnaryOperator.identity(), List.of(TensorSource.floats("bert.extra", Shape.of(1), new float[1])));
        refused(ErrorCode.TENSOR_MISMATCH, "bert.extra");
        write(
                name -> name.equals(gone) ? "" : name,
                List.of(TensorSource.floats(gone, Shape.of(33, 20), new float[660])));
        refused(ErrorCode.TENSOR_MISMATCH, "[33, 20]");
    }

    @ParameterizedTest
    @CsvSource({
        "model_type,\"t5\",t5",
        "hidden_act,\"relu\",relu",
        "position_embedding_type,\"relative_key\",relative_key",
        "hidden_size,21,must divide",
        "num_hidden_layers,0,num_hidden_layers",
        "vocab_size,\"many\",vocab_size",
        "layer_norm_eps,0,layer_norm_eps",
        "is_decoder,true,is_decoder"
    })
    void aConfigurationTheEngineCannotRunIsRefusedByName(String field, String value, String named) throws IOException {
        String json = ConfigJson.write(SmallModel.CONFIG);
        String changed = json.replaceFirst("\"" + field + "\" : [^,\n]*", "\"" + field + "\" : " + value);
        if (changed.equals(json)) {
            changed = json.replaceFirst("\\{", "{\"" + field + "\" : " + value + ",");
        }
        Files.writeString(directory.resolve("config.json"), changed);
        refused(ErrorCode.UNSUPPORTED_MODEL, named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "tokenizer.json", "model.safetensors"})
    void anAbsentFileIsNamed(String name) throws IOException {
        Files.delete(directory.resolve(name));
        refused(ErrorCode.UNSUPPORTED_MODEL, name);
    }

    /** Splits the tensors by turns over two files and writes their index. */
    private void shard(UnaryOperator<String> indexed) throws IOException {
        Files.deleteIfExists(directory.resolve("model.safetensors"));
        List<List<TensorSource>> shards = List.of(new ArrayList<>(), new ArrayList<>());
        ObjectNode map = new ObjectMapper().createObjectNode();
        int next = 0;
        for (ParameterTensor tensor : SmallModel.LAYOUT.tensors()) {
            int shard = next++ % 2;
            shards.get(shard).add(TensorSource.floats(tensor.name(), tensor.shape(), values.get(tensor.name())));
            map.put(indexed.apply(tensor.name()), "part-%d.safetensors".formatted(shard));
        }
        for (int shard = 0; shard < 2; shard++) {
            SafetensorsWriter.write(
                    directory.resolve("part-%d.safetensors".formatted(shard)), Map.of(), shards.get(shard));
        }
        index(map);
    }

    private void index(ObjectNode map) throws IOException {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.set("weight_map", map);
        Files.writeString(directory.resolve("model.safetensors.index.json"), json.toString());
    }

    @Test
    void weightsInSeveralFilesAreReadAsOne() throws IOException {
        Sha256 one = weightsDigest(BaseModel.load(directory));
        shard(UnaryOperator.identity());
        BaseModel base = BaseModel.load(directory);
        assertThat(base.weightFiles())
                .containsExactly("part-0.safetensors", "part-1.safetensors", "model.safetensors.index.json");
        assertThat(weightsDigest(base)).isEqualTo(one);
        Sha256 digest = base.digest();
        Path merged = Files.createDirectory(directory.resolve("merged"));
        base.oneWeightFile(merged);
        Files.copy(directory.resolve("config.json"), merged.resolve("config.json"));
        Files.copy(directory.resolve("tokenizer.json"), merged.resolve("tokenizer.json"));
        assertThat(weightsDigest(BaseModel.load(merged))).isEqualTo(one);

        values.get("bert.embeddings.LayerNorm.bias")[3] += 1;
        shard(UnaryOperator.identity());
        assertThat(base.digest()).isNotEqualTo(digest);
    }

    private Sha256 weightsDigest(BaseModel base) {
        try (Weights weights = base.weights(backend)) {
            return weights.digest();
        }
    }

    @Test
    void anIndexThatDoesNotFitItsFilesIsRefused() throws IOException {
        String moved = "bert.encoder.layer.0.output.dense.bias";
        shard(name -> name.equals(moved) ? "bert.elsewhere" : name);
        refused(ErrorCode.TENSOR_MISMATCH, "bert.elsewhere");
        refused(ErrorCode.TENSOR_MISMATCH, moved);
        index(new ObjectMapper().createObjectNode().put("a", "../model.safetensors"));
        refused(ErrorCode.MALFORMED_FILE, "../model.safetensors");
        index(new ObjectMapper().createObjectNode());
        refused(ErrorCode.MALFORMED_FILE, "weight_map");
        index(new ObjectMapper().createObjectNode().put("a", "gone.safetensors"));
        refused(ErrorCode.UNSUPPORTED_MODEL, "gone.safetensors");
    }

    @ParameterizedTest
    @CsvSource({
        "opt,'\"do_layer_norm_before\":false',do_layer_norm_before",
        "opt,'\"word_embed_proj_dim\":7',word_embed_proj_dim",
        "llama,'\"hidden_act\":\"gelu\"',hidden_act",
        "llama,'\"rope_scaling\":{\"type\":\"yarn\"}',yarn",
        "gpt2,'\"scale_attn_by_inverse_layer_idx\":true',scale_attn_by_inverse_layer_idx",
        "gpt2,'\"activation_function\":\"swish\"',swish",
        "gpt_neo,'\"attention_layers\":[\"sparse\"]',sparse",
        "gpt_neo,'\"attention_layers\":[\"global\"]',attention types",
        "distilbert,'\"activation\":\"relu\"',relu",
        "roberta,'\"is_decoder\":true',is_decoder"
    })
    void whatAFamilyCannotRunIsRefusedByName(String type, String field, String named) throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"model_type":"%s","vocab_size":9,"hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,
                "intermediate_size":9,"max_position_embeddings":9,"ffn_dim":9,"n_embd":8,"n_layer":2,"n_head":2,
                "n_positions":9,"num_layers":2,"num_heads":2,"dim":8,"n_layers":2,"n_heads":2,"hidden_dim":9,%s}
                """.formatted(type, field));
        refused(ErrorCode.UNSUPPORTED_MODEL, named);
    }

    @Test
    void aConfigurationThatIsNoJsonIsRefused() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{");
        refused(ErrorCode.MALFORMED_FILE, "config.json");
    }

    private void refused(ErrorCode code, String named) {
        assertThatThrownBy(() -> BaseModel.load(directory))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(named);
    }
}
