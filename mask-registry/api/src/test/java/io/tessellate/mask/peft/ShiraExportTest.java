package io.tessellate.mask.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShiraExportTest {
    private static final String QUERY = "bert.layer.0.query.weight";
    private static final String UP = "bert.layer.0.up.weight";
    private static final Map<String, int[]> SHAPES = Map.of(QUERY, new int[] {12, 12}, UP, new int[] {40, 12});

    private final SplittableRandom random = new SplittableRandom(5);
    private final Map<String, float[]> weights = Map.of(QUERY, values(144), UP, values(480));
    private final WeightSource base = (tensor, indices) -> {
        float[] read = new float[indices.length];
        for (int n = 0; n < read.length; n++) {
            read[n] = weights.get(tensor)[indices[n]];
        }
        return read;
    };

    @TempDir
    private Path directory;

    private float[] values(int count) {
        float[] values = new float[count];
        for (int n = 0; n < count; n++) {
            values[n] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private Adapter adapter(String task, TensorUpdate... updates) {
        Sha256 digest = Sha256.of("base".getBytes(StandardCharsets.UTF_8));
        var metadata = new AdapterMetadata(
                digest, VersionDigest.base(digest), TaskId.of("glue", task), "lotto", new RunId("run-1"), "{}");
        return new Adapter(
                metadata, List.of(updates), List.of(new HeadTensor("bias", Shape.of(2), new float[] {1, 2})));
    }

    /** Every {@code step}-th entry from {@code first} on. */
    private TensorUpdate update(String tensor, int first, int step) {
        int[] shape = SHAPES.get(tensor);
        int[] indices = IntStream.iterate(first, i -> i < shape[0] * shape[1], i -> i + step)
                .toArray();
        return TensorUpdate.listed(tensor, Shape.of(shape[0], shape[1]), indices, values(indices.length));
    }

    @Test
    void theBaseAndTheExportAreTheView() throws Exception {
        Adapter one = adapter("one", update(QUERY, 0, 10), update(UP, 3, 7));
        Adapter two = adapter("two", update(QUERY, 5, 10));
        new ShiraExport(PeftClass.bare("bert.", false))
                .write(directory, List.of(one, two), base, PeftBase.of("some/base"));

        JsonNode configuration = JsonMapper.builder()
                .build()
                .readTree(directory.resolve("adapter_config.json").toFile());
        int rank = configuration.path("r").asInt();
        assertThat(rank).isEqualTo(2);
        assertThat(configuration.path("target_modules"))
                .extracting(JsonNode::asText)
                .containsExactly("layer.0.query", "layer.0.up");
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("adapter_model.safetensors"))) {
            assertThat(file.tensorNames()).hasSize(4);
            for (String tensor : SHAPES.keySet()) {
                assertThat(view(file, tensor, rank)).containsExactly(expected(tensor, one, two), within(1e-6f));
            }
        }
        try (SafetensorsFile head = SafetensorsFile.open(directory.resolve("head.safetensors"))) {
            assertThat(head.read("bias")).containsExactly(1, 2);
        }
    }

    private float[] expected(String tensor, Adapter... adapters) {
        float[] values = weights.get(tensor).clone();
        for (Adapter adapter : adapters) {
            adapter.update(tensor).ifPresent(update -> update.assignTo(values, 0));
        }
        return values;
    }

    private float[] view(SafetensorsFile file, String tensor, int rank) {
        int[] shape = SHAPES.get(tensor);
        String start = "base_model.model." + tensor.substring("bert.".length(), tensor.length() - ".weight".length());
        float[] differences = file.read(start + ".shira_weight");
        ByteBuffer coordinates =
                ByteBuffer.wrap(file.bytes(start + ".shira_indices")).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(differences).hasSize(rank * (shape[0] + shape[1]));
        float[] values = weights.get(tensor).clone();
        boolean[] seen = new boolean[values.length];
        for (int n = 0; n < differences.length; n++) {
            int row = coordinates.getInt(n * Integer.BYTES);
            int column = coordinates.getInt((differences.length + n) * Integer.BYTES);
            int index = row * shape[1] + column;
            assertThat(seen[index]).isFalse();
            seen[index] = true;
            values[index] += differences[n];
        }
        return values;
    }

    @Test
    void aTensorThatIsSetWholeIsRefused() {
        Adapter adapter = adapter("full", TensorUpdate.all("bert.norm.weight", Shape.of(12), values(12)));
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> new ShiraExport(PeftClass.bare("bert.", false))
                        .write(directory, List.of(adapter), base, PeftBase.of("b")))
                .withMessageContaining("tensor 'bert.norm.weight' [12] is set whole");
    }

    @Test
    void aViewTooDenseForTheSmallestLayerIsRefused() {
        Adapter adapter = adapter("dense", update(QUERY, 0, 10), update(UP, 1, 1));
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> new ShiraExport(PeftClass.bare("bert.", false))
                        .write(directory, List.of(adapter), base, PeftBase.of("b")))
                .withMessageContaining("tensor 'bert.layer.0.query.weight' of 12 x 12 cannot hold the 240 entries");
    }
}
