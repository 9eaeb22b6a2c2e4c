package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.Interruptions;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.id.Sha256;
import io.tessellate.mask.adapter.AdapterFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A seed leads to one adapter file, byte for byte, however often a run is stopped and goes on from its checkpoint. */
@Tag("numeric")
@Tag("any-backend")
class ResumeTest {
    private final TrainingFixture model = new TrainingFixture();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    static Stream<Arguments> runs() {
        StreamTask classes = ToyTasks.lookup("classes", 2, 160);
        StreamTask values = ToyTasks.counting("values", 3, 160);
        StreamTask choices = ToyTasks.choices("choices", 4, 160);
        return Stream.of(
                Arguments.of(classes, Map.of("attentionDropout", 0.3, "dropout", 0.1)),
                Arguments.of(classes, Map.of("optimizer", "rmsprop", "weightDecay", 0.1, "clipTensorNorm", 0.05)),
                Arguments.of(classes, Map.of("values", "bf16", "maskScope", "tensor", "targets", "mlp")),
                Arguments.of(classes, Map.of("precision", "mixed", "values", "bf16", "elasticity", 5.0)),
                Arguments.of(
                        values,
                        Map.of("precision", "mixed", "method", "expander", "density", 0.125, "sharedMask", true)),
                Arguments.of(classes, Map.of("elasticity", 50.0, "replaySchedule", "falling")),
                Arguments.of(classes, Map.of("exhaustion", "overlap", "density", 0.95)),
                Arguments.of(classes, Map.of("method", "expander", "density", 0.125, "sharedMask", true)),
                Arguments.of(values, Map.of("optimizer", "rmsprop", "replayTargets", "labels")),
                Arguments.of(values, Map.of("distillShare", 0.5, "microBatch", 5)),
                Arguments.of(values, Map.of("pseudoShare", 0.5, "distillShare", 0)),
                Arguments.of(choices, Map.of("stopShare", 0.2)),
                Arguments.of(choices, Map.of("ticketDensity", 0.5, "microBatch", 3)));
    }

    private static Recipe recipe(Map<String, Object> changes) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "method", "lotto", "density", 0.1, "epochs", 2, "learningRate", 5e-3, "replayShare", 0.25, "seed", 9));
        fields.putAll(changes);
        return Recipe.of(fields);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aStoppedRunEndsInTheSameFile(StreamTask task, Map<String, Object> changes) {
        StreamTask first = ToyTasks.lookup("first", 1, 160);
        Recipe before = recipe(changes.containsKey("sharedMask") ? changes : Map.of());
        model.commit(
                first, model.train(first, before, directory.resolve("first")).adapter());
        TrainingJob job = model.job(task, recipe(changes));
        Sha256 once = file("once", train(job, "once"));
        assertThat(file("again", train(job, "again"))).isEqualTo(once);
        assertThat(file("stopped", interrupted(job))).isEqualTo(once);
        assertThat(file("other", train(model.job(task, recipe(changes).with("seed", 10)), "other")))
                .isNotEqualTo(once);
    }

    private TrainingOutcome train(TrainingJob job, String name) {
        return model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve(name))));
    }

    private Sha256 file(String name, TrainingOutcome outcome) {
        return AdapterFile.write(directory.resolve(name + ".safetensors"), outcome.adapter());
    }

    private TrainingOutcome interrupted(TrainingJob job) {
        Interruptions interruptions = Interruptions.atRandom(9, new Random(6), directory.resolve("stopped"));
        TrainingOutcome outcome = interruptions.train(job);
        assertThat(interruptions.count()).isGreaterThan(1);
        return outcome;
    }
}
