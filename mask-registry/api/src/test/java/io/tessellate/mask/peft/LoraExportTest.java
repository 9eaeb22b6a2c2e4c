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
import io.tessellate.mask.adapter.Factors;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraExportTest {
    private static final String QUERY = "bert.layer.0.query.weight";
    private static final String UP = "bert.layer.0.up.weight";
    private static final int COLUMNS = 6;
    private static final LoraExport EXPORT = new LoraExport(PeftClass.bare("bert.", false));

    private final SplittableRandom random = new SplittableRandom(5);

    @TempDir
    private Path directory;

    private float[] values(int count) {
        float[] values = new float[count];
        for (int n = 0; n < count; n++) {
            values[n] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private Factors factors(String tensor, int rank, double scale) {
        return new Factors(tensor, rank, scale, values(rank * COLUMNS), values(rows(tensor) * rank));
    }

    private static int rows(String tensor) {
        return tensor.equals(QUERY) ? 6 : 9;
    }

    private Adapter adapter(Factors... factors) {
        List<TensorUpdate> updates = Stream.of(factors)
                .map(part ->
                        TensorUpdate.all(part.tensor(), Shape.of(part.rows(), COLUMNS), values(part.rows() * COLUMNS)))
                .toList();
        return adapter(updates, factors);
    }

    private static Adapter adapter(List<TensorUpdate> updates, Factors... factors) {
        Sha256 digest = Sha256.of("base".getBytes(StandardCharsets.UTF_8));
        var metadata = new AdapterMetadata(
                digest, VersionDigest.base(digest), TaskId.of("glue", "sst2"), "lora", new RunId("run-1"), "{}");
        var head = new HeadTensor("bias", Shape.of(2), new float[] {1, 2});
        return new Adapter(metadata, updates, List.of(head), List.of(factors));
    }

    private JsonNode configuration() throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(directory.resolve("adapter_config.json").toFile());
    }

    /** What PEFT adds to a weight: lora_alpha / r times B A. */
    private double[] change(String tensor) throws IOException {
        int rank = configuration().path("r").asInt();
        double scale = configuration().path("lora_alpha").asDouble() / rank;
        String start = "base_model.model." + tensor.substring("bert.".length(), tensor.length() - ".weight".length());
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("adapter_model.safetensors"))) {
            assertThat(file.info(start + ".lora_A.weight").shape()).isEqualTo(Shape.of(rank, COLUMNS));
            assertThat(file.info(start + ".lora_B.weight").shape()).isEqualTo(Shape.of(rows(tensor), rank));
            return sum(new Factors(
                    tensor, rank, scale, file.read(start + ".lora_A.weight"), file.read(start + ".lora_B.weight")));
        }
    }

    private static double[] sum(Factors... parts) {
        double[] sum = new double[parts[0].rows() * COLUMNS];
        for (Factors part : parts) {
            float[] a = part.a();
            float[] b = part.b();
            for (int n = 0; n < sum.length; n++) {
                for (int k = 0; k < part.rank(); k++) {
                    sum[n] += part.scale() * b[n / COLUMNS * part.rank() + k] * a[k * COLUMNS + n % COLUMNS];
                }
            }
        }
        return sum;
    }

    @Test
    void oneAdapterKeepsItsRankAndScale() throws IOException {
        Factors query = factors(QUERY, 2, 4);
        Factors up = factors(UP, 2, 4);
        EXPORT.write(directory, List.of(adapter(query, up)), PeftBase.of("some/base"));

        assertThat(configuration().path("peft_type").asText()).isEqualTo("LORA");
        assertThat(configuration().path("r").asInt()).isEqualTo(2);
        assertThat(configuration().path("lora_alpha").asDouble()).isEqualTo(8);
        assertThat(configuration().path("target_modules"))
                .extracting(JsonNode::asText)
                .containsExactly("layer.0.query", "layer.0.up");
        assertThat(change(QUERY)).containsExactly(sum(query), within(1e-6));
        assertThat(change(UP)).containsExactly(sum(up), within(1e-6));
        try (SafetensorsFile head = SafetensorsFile.open(directory.resolve("head.safetensors"))) {
            assertThat(head.read("bias")).containsExactly(1, 2);
        }
    }

    @Test
    void severalOfUnequalRanksAndScalesAddUp() throws IOException {
        Factors first = factors(QUERY, 2, 4);
        Factors second = factors(QUERY, 3, 0.5);
        Factors up = factors(UP, 1, 0.5);
        EXPORT.write(directory, List.of(adapter(first), adapter(second, up)), PeftBase.of("some/base"));
        assertThat(configuration().path("r").asInt()).isEqualTo(5);
        assertThat(change(QUERY)).containsExactly(sum(first, second), within(1e-6));
        assertThat(change(UP)).containsExactly(sum(up), within(1e-6));
    }

    @Test
    void aChangeWithoutFactorsIsRefused() {
        Adapter mask = adapter(List.of(TensorUpdate.listed(QUERY, Shape.of(6, 6), new int[] {3}, new float[] {1})));
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> EXPORT.write(directory, List.of(adapter(factors(UP, 1, 1)), mask), PeftBase.of("b")))
                .withMessageContaining("changes tensor '" + QUERY + "' without factors");
    }
}
