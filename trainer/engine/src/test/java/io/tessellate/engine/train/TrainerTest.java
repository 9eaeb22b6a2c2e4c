package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.Checkpoint;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.curriculum.BatchOrder;
import io.tessellate.engine.train.entries.FrozenWeights;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.EntryIndex;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("any-backend")
class TrainerTest {
    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask task = ToyTasks.lookup("one", 1, 100);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(Map<String, ?> fields) {
        Map<String, Object> all = new HashMap<>(Map.of("method", "lotto", "learningRate", 1e-3));
        all.putAll(fields);
        return Recipe.of(all);
    }

    @Test
    void aLossThatIsNotFiniteIsNamedWithItsStepAndTensor() {
        Recipe wild = recipe(Map.of("method", "full", "learningRate", 1e30, "clipNorm", 0.0));
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> model.train(task, wild, directory))
                .withMessageMatching("step \\d+ of phase train has loss .* first not finite in tensor '.+'")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DIVERGED));
    }

    @Test
    void aWeightThatOverflowsInAnUpdateIsNamedRatherThanTheGradientsThatFollow() {
        Recipe wild = recipe(Map.of("method", "full", "learningRate", 1e39, "schedule", "constant"));
        assertOverflow(wild, "after step 1 of phase train a weight of tensor '.+' is -?(Infinity|NaN)");
    }

    @Test
    void aWeightThatOverflowsInTheLastUpdateIsFoundToo() {
        Recipe wild = recipe(Map.of("method", "full", "learningRate", 1e39, "epochs", 0.01));
        assertOverflow(wild, "after step 1 of phase train a weight of tensor '.+' is -?(Infinity|NaN)");
    }

    private void assertOverflow(Recipe recipe, String message) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> model.train(task, recipe, directory))
                .withMessageMatching(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DIVERGED));
    }

    @Test
    void aFrozenWeightThatMovedIsNamed() {
        try (Weights parent = ToyEncoder.weights(TrainingFixture.BACKEND);
                Weights trained = parent.copy()) {
            Mask mask = Mask.builder(parent.layout().eligible()).add(0, 7).build();
            TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(mask), parent.layout());
            String tensor = parent.layout().eligible().tensor(0).name();

            trained.assign(tensor, new int[] {7}, new float[] {9});
            FrozenWeights.requireUnchanged(parent, trained, entries);

            trained.assign(tensor, new int[] {8}, new float[] {9});
            assertThatExceptionOfType(TessellateException.class)
                    .isThrownBy(() -> FrozenWeights.requireUnchanged(parent, trained, entries))
                    .withMessageStartingWith("weight 8 of tensor '%s' was not reserved but went from".formatted(tensor))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FROZEN_WEIGHT_CHANGED));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHundredStepsWithDecayLeaveFrozenWeightsBitwiseEqual(OptimizerKind optimizer) {
        float[] before = all(model.views().union());
        Recipe recipe = recipe(Map.of(
                "method",
                "expander",
                "density",
                0.125,
                "epochs",
                15,
                "optimizer",
                optimizer.label(),
                "weightDecay",
                0.1));
        TrainingOutcome outcome = model.train(task, recipe, directory);
        assertThat(outcome.steps()).isGreaterThan(100);

        model.commit(task, outcome.adapter());
        float[] after = all(model.views().union());
        TrainedEntries trained = TrainedEntries.of(
                MaskPlan.Entries.of(model.owned()), model.views().union().layout());
        int moved = 0;
        for (int i = 0; i < before.length; i++) {
            boolean same = Float.floatToRawIntBits(before[i]) == Float.floatToRawIntBits(after[i]);
            assertThat(same || trained.contains(i)).as("weight %d", i).isTrue();
            moved += same ? 0 : 1;
        }
        assertThat(moved).isEqualTo(2048);
    }

    private static float[] all(Weights weights) {
        return weights.vector().toArray(0, weights.vector().size());
    }

    @Test
    void progressIsReportedStepByStepInBothPhases() {
        List<TrainingProgress> heard = new ArrayList<>();
        TrainingControl control =
                TrainingControl.unattended(new CheckpointStore(directory)).with(heard::add);
        TrainingOutcome outcome =
                model.train(model.job(task, recipe(Map.of("epochs", 2, "calibrationEpochs", 1))), control);

        assertThat(heard).hasSize(21).last().satisfies(last -> {
            assertThat(last.phase()).isEqualTo(Phase.TRAIN);
            assertThat(last.step()).isEqualTo(14).isEqualTo(last.steps());
            assertThat(last.secondsLeft()).isZero();
        });
        assertThat(heard).filteredOn(p -> p.phase() == Phase.CALIBRATE).hasSize(7);
        assertThat(outcome.steps()).isEqualTo(21);
        assertThat(outcome.finalLoss()).isBetween(0.1, 1.5);
    }

    @Test
    void checkpointsAreWrittenAsThePolicySays() {
        CheckpointStore checkpoints = new CheckpointStore(directory);
        TrainingJob job = model.job(task, recipe(Map.of("method", "expander", "density", 0.125, "epochs", 1)));
        TrainingControl control = new TrainingControl(
                progress -> assertThat(checkpoints.exists()).isEqualTo(progress.step() > 5),
                () -> false,
                checkpoints,
                CheckpointPolicy.everySteps(5),
                Clock.systemUTC());
        model.train(job, control);
        assertThat(checkpoints.load(
                        job.digest(TrainingFixture.BACKEND), model.owned().space()))
                .map(Checkpoint::step)
                .contains(5L);
    }

    @Test
    void aCheckpointOfAnotherKindOfMachineIsOfAnotherJob() {
        TrainingJob job = model.job(task, recipe(Map.of("epochs", 1)));
        Backend other = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) ->
                        method.getName().equals("name") ? "other" : method.invoke(TrainingFixture.BACKEND, arguments));
        assertThat(job.digest(TrainingFixture.BACKEND))
                .isEqualTo(job.digest(TrainingFixture.BACKEND))
                .isNotEqualTo(job.digest(other));
    }

    @Test
    void anExpanderAdapterStoresNoIndicesAndSurvivesItsFile() {
        Recipe expander = recipe(Map.of("method", "expander", "density", 0.125, "epochs", 1));
        Adapter adapter = model.train(task, expander, directory).adapter();
        assertThat(adapter.updates())
                .allSatisfy(update -> assertThat(update.index()).isInstanceOf(EntryIndex.Seeded.class));
        AdapterFile.write(directory.resolve("a.safetensors"), adapter);
        assertThat(AdapterFile.read(directory.resolve("a.safetensors"))).isEqualTo(adapter);
    }

    @Test
    void calibrationByOneBatchKeepsTheLargestGradients() {
        Recipe byGradient = recipe(Map.of("calibrationEpochs", 0, "epochs", 1));
        TrainingOutcome outcome = model.train(task, byGradient, directory);

        Mask kept = outcome.adapter().mask(model.owned().space());
        float[][] gradient = gradientOfFirstBatch(model.job(task, byGradient));
        double smallestKept = Double.MAX_VALUE;
        double largestLeft = 0;
        for (int t = 0; t < gradient.length; t++) {
            for (int i = 0; i < gradient[t].length; i++) {
                double size = Math.abs(gradient[t][i]);
                smallestKept = kept.contains(t, i) ? Math.min(smallestKept, size) : smallestKept;
                largestLeft = kept.contains(t, i) ? largestLeft : Math.max(largestLeft, size);
            }
        }
        assertThat(outcome.steps()).isEqualTo(7);
        assertThat(kept.cardinality()).isEqualTo(1638);
        assertThat(smallestKept).isGreaterThanOrEqualTo(largestLeft);
    }

    private static float[][] gradientOfFirstBatch(TrainingJob job) {
        Weights weights = job.parent().views().base();
        TrainableTensors eligible =
                TrainableTensors.of(weights.layout(), Mask.all(weights.layout().eligible()));
        try (Encoder encoder = new Encoder(TrainingFixture.BACKEND, ToyEncoder.CONFIG);
                Gradients gradients = new Gradients(TrainingFixture.BACKEND, eligible)) {
            Head head = Head.initial(3, Encoder.features(ToyEncoder.CONFIG), new Seeds(0).of("head"));
            int[] lengths =
                    job.data().train().stream().mapToInt(EncodedExample::length).toArray();
            List<EncodedExample> examples = IntStream.of(new BatchOrder(lengths, 16, 8, new Seeds(0), "calibrate")
                            .epoch(0)
                            .get(0))
                    .mapToObj(job.data().train()::get)
                    .toList();
            Batch batch = EncodedExample.batch(examples, ToyEncoder.CONFIG);
            Step step = new Step(batch, HeadObjective.CLASSIFICATION.targets(examples));
            encoder.backward(weights, head, step, gradients, HeadGradients.none());
            return weights.layout().eligible().tensors().stream()
                    .map(tensor -> gradients.get(tensor.name()))
                    .toArray(float[][]::new);
        }
    }

    @Test
    void aRegressionStartsAtTheMeanAndLearns() {
        StreamTask counting = ToyTasks.counting("count", 4, 300);
        Recipe recipe = recipe(Map.of("method", "full", "epochs", 8, "learningRate", 3e-3));
        Adapter adapter = model.train(counting, recipe, directory).adapter();
        model.commit(counting, adapter);
        Score score = model.score(counting, model.views().union(), model.views().head(0));
        assertThat(score.value()).isGreaterThan(0.6);
    }

    @Test
    void replayingLogitsPullsTheUnionViewTowardsTheTaskView() {
        StreamTask other = ToyTasks.lookup("other", 2, 300);
        Recipe recipe = recipe(Map.of("method", "expander", "density", 0.125, "epochs", 6, "learningRate", 5e-3));
        StreamTask first = ToyTasks.lookup("first", 3, 300);
        model.commit(first, model.train(first, recipe, directory.resolve("1")).adapter());
        double learnt =
                model.score(first, model.views().task(0), model.views().head(0)).value();

        double without = afterLearning(first, other, recipe.with("replayShare", 0));
        double with =
                afterLearning(first, other, recipe.with("replayShare", 0.5).with("replayMemory", 0.5));
        assertThat(learnt - with).isLessThan((learnt - without) / 2);
    }

    private double afterLearning(StreamTask first, StreamTask next, Recipe recipe) {
        Adapter adapter = model.train(
                        next,
                        recipe,
                        directory.resolve(String.valueOf(recipe.replay().share())))
                .adapter();
        try (TrainingFixture later = new TrainingFixture()) {
            later.commit(first, model.views().adapters().get(0));
            later.commit(next, adapter);
            return later.score(first, later.views().union(), later.views().head(0))
                    .value();
        }
    }

    @Test
    void aScoreIsTheShareOfItsHitsAndRepeatsBitForBit() {
        Adapter adapter =
                model.train(task, recipe(Map.of("epochs", 1)), directory).adapter();
        model.commit(task, adapter);
        Score score = model.score(task, model.views().union(), model.views().head(0));
        long hits = IntStream.range(0, score.examples()).filter(score::hit).count();
        assertThat(score.value()).isCloseTo((double) hits / score.examples(), within(1e-12));
        assertThat(model.score(task, model.views().union(), model.views().head(0))
                        .digest())
                .isEqualTo(score.digest());
    }
}
