package io.tessellate.dataset.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.event.DatasetState;
import io.tessellate.event.FieldMapping;
import io.tessellate.event.Recipe;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ManifestCodecTest {
    private static TaskManifest.Builder manifest() {
        return TaskManifest.newBuilder().setModel("glue").setTask("sst2");
    }

    @Test
    void whatIsNotGivenHasItsUsualValue() {
        Manifest manifest = ManifestCodec.fromAvro(manifest().build());
        assertThat(manifest.task()).isEqualTo(TaskId.parse("glue/sst2"));
        assertThat(manifest.closed()).isTrue();
        assertThat(manifest.objective()).isEqualTo(Objective.CLASSIFICATION);
        assertThat(manifest.metric()).isEqualTo(MetricName.ACCURACY);
        assertThat(manifest.fields()).isEqualTo(FieldNames.OWN);
        assertThat(manifest.evalShare()).isEqualTo(0.1);
        assertThat(manifest.tolerance()).isEqualTo(0.01);
        assertThat(manifest.expectedRecords()).isNull();
        assertThat(manifest.digest()).isNull();
        assertThat(manifest.recipe()).isEmpty();
        assertThat(manifest.promptTemplate()).isEqualTo("{prompt}");
        assertThat(manifest.decoding()).isEqualTo(Decoding.GREEDY);
    }

    @Test
    void whatIsGivenIsTaken() {
        FieldMapping fields = new FieldMapping();
        fields.setLabel("stars");
        Manifest manifest = ManifestCodec.fromAvro(manifest()
                .setState(DatasetState.OPEN)
                .setMetric("f1")
                .setFields(fields)
                .setEvalShare(0.5)
                .setTolerance(0.0)
                .setExpectedRecords(7L)
                .setRecipe(
                        Recipe.newBuilder().setMethod("expander").setSeed(17L).build())
                .build());
        assertThat(manifest.closed()).isFalse();
        assertThat(manifest.metric()).isEqualTo(MetricName.F1);
        assertThat(manifest.fields().label()).isEqualTo("stars");
        assertThat(manifest.fields().text()).isNull();
        assertThat(manifest.evalShare()).isEqualTo(0.5);
        assertThat(manifest.tolerance()).isZero();
        assertThat(manifest.expectedRecords()).isEqualTo(7);
        assertThat(manifest.recipe()).isEqualTo(Map.of("method", "expander", "seed", 17L));
    }

    @Test
    void aFieldThatIsLeftToARaceHoldsTheWordForThat() {
        Recipe recipe = Recipe.newBuilder()
                .setSeed(17L)
                .setAuto(List.of("learningRate", "replayShare"))
                .build();
        assertThat(ManifestCodec.recipe(recipe))
                .isEqualTo(Map.of("seed", 17L, "learningRate", "auto", "replayShare", "auto"));
    }

    @Test
    void aFieldThatIsBothGivenAndLeftToARaceIsRefused() {
        Recipe recipe = Recipe.newBuilder()
                .setLearningRate(0.5)
                .setAuto(List.of("learningRate", "batchSize"))
                .build();
        assertThat(ManifestValidation.problems(manifest().setRecipe(recipe).build()))
                .extracting(ManifestValidation.Problem::message)
                .contains(
                        "recipe field 'batchSize' is auto but must be a whole number and must lie in [1, 65536]",
                        "recipe field 'learningRate' is 0.5 and auto but must be a number and must be greater than 0, or auto");
    }

    @Test
    void aMetricThereIsNotIsRefused() {
        TaskManifest manifest = manifest().setMetric("bleu").build();
        assertThatThrownBy(() -> ManifestCodec.fromAvro(manifest))
                .hasMessageStartingWith("metric 'bleu' must be one of accuracy, f1");
    }

    @ParameterizedTest
    @EnumSource(Objective.class)
    void anObjectiveIsTheSameInTopics(Objective objective) {
        assertThat(ManifestCodec.toAvro(objective).name()).isEqualTo(objective.name());
        assertThat(ManifestCodec.objective(ManifestCodec.toAvro(objective))).isEqualTo(objective);
    }
}
