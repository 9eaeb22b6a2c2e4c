package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.ToyEncoder;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.stream.StreamTask;
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
    public void close() {
        model.close();
    }

    private List<Head> train(Weights weights) {
        List<TaskData> data = tasks.stream().map(StreamTask::data).toList();
        try (var training = new JointTraining(TrainingFixture.BACKEND, ToyEncoder.CONFIG, weights, data, RECIPE)) {
            return training.train();
        }
    }

    @Test
    public void bothTasksAreLearntByOneModelAndTheSameAgain() {
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
