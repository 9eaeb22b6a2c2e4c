package io.tessellate.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.TrainingListener;
import io.tessellate.engine.train.fixture.ToyTasks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequentialRunTest {
    private static final Backend BACKEND = Backends.open(Backends.HOST);
    private static final List<StreamTask> TASKS =
            List.of(ToyTasks.lookup("one", 1, 240), ToyTasks.lookup("two", 2, 240), ToyTasks.lookup("three", 3, 240));

    @TempDir
    private Path directory;

    private StreamResult run(Recipe recipe, String name) {
        try (SequentialRun run = new SequentialRun(
                BACKEND,
                ToyEncoder.CONFIG,
                ToyEncoder.digest(),
                ToyEncoder.weights(BACKEND),
                directory.resolve(name))) {
            TASKS.forEach(task -> run.learn(task, recipe, TrainingListener.none()));
            return run.result();
        }
    }

    @Test
    void masksWithReplayKeepTheUnionViewThatFullFineTuningLoses() {
        StreamResult full = run(Recipe.of(Map.of("method", "full", "epochs", 8, "learningRate", 2e-3)), "full");
        StreamResult expander = run(
                Recipe.of(Map.of(
                        "method",
                        "expander",
                        "density",
                        0.125,
                        "epochs",
                        8,
                        "learningRate",
                        5e-3,
                        "replayShare",
                        0.25,
                        "replayMemory",
                        0.5)),
                "expander");

        double lost = full.union().forgetting().orElseThrow();
        assertThat(lost).isGreaterThan(0.15);
        assertThat(expander.union().forgetting().orElseThrow()).isLessThan(lost / 2);
        assertThat(expander.task().forgetting()).hasValue(0);
        assertThat(expander.taskViewIsConstant()).isTrue();
        assertThat(full.taskViewIsConstant()).isTrue();
    }

    @Test
    void theSameStreamGivesTheSameAdaptersAndRowsGrowByOneTask() {
        Recipe recipe = Recipe.of(Map.of("method", "lotto", "epochs", 1, "calibrationEpochs", 0));
        StreamResult once = run(recipe, "once");
        StreamResult again = run(recipe, "again");
        assertThat(again.versions())
                .extracting(StreamResult.Version::adapter)
                .isEqualTo(once.versions().stream()
                        .map(StreamResult.Version::adapter)
                        .toList());
        assertThat(once.unionScores()).extracting(List::size).containsExactly(1, 2, 3);
        assertThat(once.versions()).extracting(StreamResult.Version::entries).containsOnly(1638L);
        assertThat(directory.resolve("once/adapter-3.safetensors")).exists();
    }
}
