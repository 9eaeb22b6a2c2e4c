package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
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
        List<TaskData> data = tasks.stream().map(StreamTask::data).toList();
        try (var training = new JointTraining(TrainingFixture.BACKEND, ToyEncoder.CONFIG, weights, data, RECIPE)) {
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
}
