package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.TensorUpdate;
import java.io.IOException;
import java.util.Map;

/** Whether versions are what their recipes asked for, by what the registry, the files and the command line say. */
record RecipeChecks(RunningTestStack tessellate, ModelLine line) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Adapter adapter(int version) {
        return AdapterFile.read(
                tessellate.stack().blobs().fetch(line.commit(version).adapter().sha256()));
    }

    /** The recipe as committed, in the log and in the adapter's own file, has every field as it was asked for. */
    void theRegistryShows(int version, Map<String, Object> asked) throws IOException {
        JsonNode recipe = JSON.readTree(line.commit(version).recipe());
        JsonNode expected = JSON.valueToTree(asked);
        expected.fieldNames()
                .forEachRemaining(name -> assertThat(recipe.get(name)).as(name).isEqualTo(expected.get(name)));
        assertThat(JSON.readTree(adapter(version).metadata().recipe())).isEqualTo(recipe);
        assertThat(line.commit(version).method()).isEqualTo(asked.get("method"));
    }

    void ownedValuesAreBrainFloats(int version) {
        for (TensorUpdate update : adapter(version).updates()) {
            for (float value : update.values()) {
                assertThat(Float.floatToRawIntBits(value) & 0xffff).isZero();
            }
        }
    }

    void ownedWeightsLieIn(int version, String part) {
        assertThat(adapter(version).updates())
                .isNotEmpty()
                .allSatisfy(update -> assertThat(update.name()).contains(part));
    }

    void everyTensorGivesTheSameShare(int version) {
        Adapter adapter = adapter(version);
        double share = (double) adapter.entries()
                / adapter.updates().stream()
                        .mapToLong(update -> update.shape().elements())
                        .sum();
        assertThat(adapter.updates())
                .allSatisfy(update -> assertThat((double) update.count())
                        .isCloseTo(share * update.shape().elements(), within(1.0)));
    }

    void theMaskReportSaysTheSame() {
        JsonNode report =
                tessellate.run("masks", line.name().value(), "--output", "json").json();
        assertThat(report.path("overlap").asLong()).isZero();
        long owned = 0;
        for (CommittedVersion version : line.commits()) {
            JsonNode task = report.path("tasks").get(version.number() - 1);
            assertThat(task.path("task").asText())
                    .isEqualTo(version.task().task().value());
            assertThat(task.path("method").asText()).isEqualTo(version.method());
            assertThat(task.path("owned").asLong())
                    .isEqualTo(adapter(version.number()).mask(line.space()).cardinality());
            assertThat(task.path("density").asDouble())
                    .isEqualTo((double) version.owned() / line.space().size());
            owned += version.owned();
        }
        assertThat(report.path("eligible").asLong() - report.path("free").asLong())
                .isEqualTo(owned);
    }

    void theCommandLineVerifies() {
        JsonNode verdict = tessellate
                .run("verify", line.name().value(), "--output", "json")
                .json();
        assertThat(verdict.path("ok").asBoolean()).isTrue();
        assertThat(verdict.path("tasks")).hasSize(line.currentVersion());
    }
}
