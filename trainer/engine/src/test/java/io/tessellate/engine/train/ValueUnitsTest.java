package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.objective.ValueUnits;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.mask.adapter.HeadUnits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a regression's values are measured in changes what its head says and nothing else. A power of two is exact in binary numbers. */
class ValueUnitsTest {
    private static final double FINER = 64;

    @TempDir
    private Path directory;

    private static StreamTask counting(double times) {
        StreamTask counting = ToyTasks.counting("count", 4, 96);
        TaskData data = new TaskData(
                counting.data().task(),
                counting.data().objective(),
                1,
                counting.data().train().stream()
                        .map(example -> example.with(times * example.target()))
                        .toList());
        return new StreamTask(data, counting.measure(), counting.eval());
    }

    private static Recipe recipe(Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(
                Map.of("method", "expander", "density", 0.125, "epochs", 1, "learningRate", 5e-3, "batchSize", 8));
        fields.putAll(more);
        return Recipe.of(fields);
    }

    /** A classification, a regression and a classification after it. */
    private TrainingFixture learnt(double times, Recipe recipe) {
        TrainingFixture model = new TrainingFixture();
        List<StreamTask> tasks =
                List.of(ToyTasks.lookup("first", 3, 96), counting(times), ToyTasks.agreement("last", 5, 96));
        for (StreamTask task : tasks) {
            Path checkpoints =
                    directory.resolve(times + "-" + task.data().task().task());
            model.commit(task, model.train(task, recipe, checkpoints).adapter());
        }
        return model;
    }

    private static List<float[]> values(Weights weights) {
        List<float[]> values = new ArrayList<>();
        weights.layout().eligible().tensors().forEach(tensor -> values.add(weights.get(tensor.name())));
        return values;
    }

    private void learnTheSame(Recipe recipe) {
        try (TrainingFixture one = learnt(1, recipe);
                TrainingFixture other = learnt(FINER, recipe)) {
            assertThat(values(other.views().union()))
                    .usingRecursiveComparison()
                    .isEqualTo(values(one.views().union()));
            Head head = one.views().head(1);
            Head finer = other.views().head(1);
            for (int n = 0; n < head.values().length; n++) {
                assertThat((double) finer.values()[n])
                        .isCloseTo(FINER * head.values()[n], within(1e-5 * FINER * Math.abs(head.values()[n])));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"logits", "labels"})
    void whatIsLearntAndRehearsedDoesNotDependOnThem(String targets) {
        learnTheSame(recipe(Map.of("replayTargets", targets)));
    }

    @Test
    void norWhatIsRacedOrHeldByDistillation() {
        learnTheSame(recipe(
                Map.of("learningRate", "auto", "raceBudget", 2, "replayShare", 0, "distillShare", 0.5, "epochs", 2)));
    }

    @Test
    void norWhatIsPulledByElasticity() {
        learnTheSame(recipe(Map.of("method", "random", "elasticity", 1000, "avoid", "fisher")));
    }

    /** So that a later task can hold the head to what it says when the values are gone. */
    @Test
    void theAdapterOfARegressionSaysThem() {
        try (TrainingFixture model = learnt(FINER / 3, recipe(Map.of("replayShare", 0)))) {
            List<Optional<HeadUnits>> said = model.views().adapters().stream()
                    .map(adapter -> adapter.metadata().units())
                    .toList();
            ValueUnits units = counting(FINER / 3).data().units();
            assertThat(said)
                    .containsExactly(
                            Optional.empty(),
                            Optional.of(new HeadUnits(units.mean(), units.deviation())),
                            Optional.empty());
            assertThat(said.get(1).map(ValueUnits::of)).contains(units);
        }
    }

    @Test
    void norWhatIsLearntAtOnce() {
        Recipe recipe = recipe(Map.of("method", "full", "replayShare", 0));
        List<float[]> one = jointly(1, recipe);
        assertThat(jointly(FINER, recipe)).usingRecursiveComparison().isEqualTo(one);
    }

    private static List<float[]> jointly(double times, Recipe recipe) {
        List<TaskData> tasks =
                List.of(ToyTasks.lookup("first", 3, 64).data(), counting(times).data());
        try (TrainingFixture model = new TrainingFixture();
                Weights weights = model.views().base().copy();
                JointTraining joint =
                        new JointTraining(TrainingFixture.BACKEND, ToyEncoder.CONFIG, weights, tasks, recipe)) {
            joint.train();
            return values(weights);
        }
    }

    @Test
    void aHeadGivesTheSameInBothUnits() {
        ValueUnits units = new ValueUnits(2.5, 0.3);
        Head head = Head.of(new float[] {0.5f, -2}, new float[] {0.25f});
        float[] features = {3, 0.75f};
        float standard = head.logits(features)[0];
        assertThat(units.own(head).logits(features)[0]).isCloseTo((float) (0.3 * standard + 2.5), within(1e-6f));
        assertThat(units.standard(units.own(head)).logits(features)[0]).isCloseTo(standard, within(1e-5f));
    }
}
