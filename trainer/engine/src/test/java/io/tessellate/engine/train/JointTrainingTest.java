package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JointTrainingTest {
    private static final Recipe RECIPE =
            Recipe.of(Map.of("method", "full", "learningRate", 2e-3, "epochs", 12, "seed", 3));

    private final TrainingFixture model = new TrainingFixture();
    private final List<StreamTask> tasks = List.of(ToyTasks.lookup("first", 1, 320), ToyTasks.lookup("second", 2, 320));

    @AfterEach
    void close() {
        model.close();
    }

    private List<Head> train(Weights weights) {
        return train(weights, tasks, RECIPE);
    }

    private static List<Head> train(Weights weights, List<StreamTask> tasks, Recipe recipe) {
        List<TaskData> data = tasks.stream().map(StreamTask::data).toList();
        try (var training = new JointTraining(TrainingFixture.BACKEND, ToyEncoder.CONFIG, weights, data, recipe)) {
            return training.train();
        }
    }

    @Test
    void bothTasksAreLearntByOneModelAndTheSameAgain() {
        try (Weights weights = model.views().union().copy();
                Weights again = model.views().union().copy()) {
            List<Head> heads = train(weights);
            for (int task = 0; task < tasks.size(); task++) {
                assertThat(model.score(tasks.get(task), weights, heads.get(task))
                                .value())
                        .isGreaterThan(0.55);
            }
            train(again);
            assertThat(again.digest()).isEqualTo(weights.digest());
        }
    }

    @Test
    void aStepInMicroBatchesIsThatOfTheWholeBatchUpToRounding() {
        Recipe whole = RECIPE.with("epochs", 0.1);
        assertThat(change(whole.with("microBatch", 3)))
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(change(whole));
    }

    @Test
    void dropoutIsAFunctionOfTheSeedAndChangesWhatIsLearnt() {
        Recipe dropping = RECIPE.with("epochs", 0.1).with("dropout", 0.2);
        assertThat(change(dropping)).isEqualTo(change(dropping)).isNotEqualTo(change(dropping.with("dropout", 0)));
    }

    @Test
    void leastStepsAreCountedOverTheBatchesOfAllTasks() {
        int batches = tasks.stream()
                .mapToInt(task -> (task.data().train().size() + RECIPE.batchSize() - 1) / RECIPE.batchSize())
                .sum();
        assertThat(change(RECIPE.with("epochs", 0.1).with("minSteps", 2 * batches)))
                .isEqualTo(change(RECIPE.with("epochs", 2)))
                .isNotEqualTo(change(RECIPE.with("epochs", 0.1)));
    }

    /** The first task's head after a short training. */
    private float[] change(Recipe recipe) {
        try (Weights weights = model.views().union().copy()) {
            return train(weights, tasks, recipe).get(0).values();
        }
    }

    @Test
    void aRegressionStartsAtTheMeanTarget() {
        StreamTask counting = ToyTasks.counting("counting", 3, 64);
        Recipe still = RECIPE.with("epochs", 0.1).with("learningRate", 1e-9);
        double mean = counting.data().train().stream()
                .mapToDouble(EncodedExample::target)
                .average()
                .orElseThrow();
        try (Weights weights = model.views().union().copy()) {
            assertThat((double) train(weights, List.of(counting), still).get(0).bias()[0])
                    .isCloseTo(mean, within(1e-5));
        }
    }

    @Test
    void whatIsNotFiniteStopsItWithTheStepAndTheTensor() {
        StreamTask counting = ToyTasks.counting("counting", 3, 64);
        try (Weights weights = model.views().union().copy()) {
            ToyEncoder.overflow(weights);
            assertThatExceptionOfType(TessellateException.class)
                    .isThrownBy(() -> train(weights, List.of(tasks.get(0), counting), RECIPE))
                    .withMessageMatching("step \\d+ of phase train has loss .*")
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DIVERGED));
        }
    }
}
