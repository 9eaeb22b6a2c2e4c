package io.tessellate.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
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
            values.forEach((name, floats) -> assertThat(weights.get(name)).containsExactly(floats));
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
            assertThat(weights.get(query)).containsExactly(values.get("bert." + query.substring(prefix.length())));
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
