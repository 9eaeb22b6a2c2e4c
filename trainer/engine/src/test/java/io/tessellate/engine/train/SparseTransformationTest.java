package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.SparseTransformation.Travel;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparseTransformationTest {
    /** Enough for the task to be learnt, whichever kernels compute it. */
    private static final int LEARNT = 36;

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask task = ToyTasks.lookup("first", 1, 320);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    private static Recipe recipe(Map<String, Object> changes) {
        Map<String, Object> fields = new HashMap<>(Map.of(
                "method", "random",
                "density", 0.1,
                "learningRate", 5e-3,
                "epochs", 20,
                "rampShare", 0.6,
                "holdShare", 0.2));
        fields.putAll(changes);
        return Recipe.of(fields);
    }

    @ParameterizedTest
    @CsvSource({"ADAMW, linear", "ADAMW, constant", "RMSPROP, linear", "RMSPROP, constant"})
    void whatIsRemovedIsNextToNothingAndIsNotMissed(OptimizerKind optimizer, String schedule) {
        TrainingJob job =
                model.job(task, recipe(Map.of("optimizer", optimizer.label(), "schedule", schedule, "epochs", LEARNT)));
        TransformationTravel travel = travel(job, true);
        Travel held = travel.held();
        assertThat(travel.before()).isGreaterThan(0.5);
        assertThat(held.outside() / held.inside()).isLessThan(1e-3);
        assertThat(travel.after()).isCloseTo(travel.before(), within(1e-3));
        assertThat(travel.removed().outside()).isZero();
        assertThat(travel.removed().inside()).isCloseTo(held.inside(), within(1e-9));
    }

    private TransformationTravel travel(TrainingJob job, boolean penalised) {
        Mask mask = RandomMask.of(model.owned().complement(), 1_638, new SplittableRandom(2));
        return TransformationTravel.of(
                job,
                mask,
                penalised,
                (weights, head) -> model.score(task, weights, head).value());
    }

    /** What is outside rises as if nothing held it, is drawn back in the second half of the ramp, and held there. */
    @Test
    void weightsOutsideTheMaskReallyTravelBeforeTheyAreDrawnBack() {
        TrainingJob job = model.job(task, recipe(Map.of()));
        TransformationTravel travel = travel(job, true);
        TransformationTravel free = travel(job, false);
        double half = travel.atRamp(0.5).outside();
        assertThat(half).isGreaterThan(0.6 * free.atRamp(0.5).outside());
        assertThat(travel.farthest()).isGreaterThan(0.3 * free.held().outside());
        assertThat(travel.atRamp(0.25).outside()).isLessThan(half);
        assertThat(travel.atRamp(0.95).outside()).isLessThan(0.1 * half);
        assertThat(travel.atRamp(1).outside()).isLessThan(travel.atRamp(0.95).outside());
    }

    @Test
    void theAdapterHoldsTheMaskAndLearnsTheTask() {
        Adapter adapter = model.train(task, recipe(Map.of("epochs", LEARNT)), directory.resolve("1"))
                .adapter();
        Adapter plain = model.train(
                        task, recipe(Map.of("epochs", LEARNT, "rampShare", 0, "holdShare", 0)), directory.resolve("2"))
                .adapter();
        assertThat(adapter.mask(model.owned().space()))
                .isEqualTo(plain.mask(model.owned().space()));
        model.commit(task, adapter);
        double accuracy =
                model.score(task, model.views().union(), model.views().head(0)).value();
        assertThat(accuracy).isGreaterThan(0.55);
    }

    @Test
    void ownedWeightsNeverMoveNotEvenOnTheWay() {
        model.commit(
                task,
                model.train(task, recipe(Map.of("epochs", 1)), directory.resolve("1"))
                        .adapter());
        StreamTask second = ToyTasks.lookup("second", 2, 320);
        TrainingJob job = model.job(second, recipe(Map.of("epochs", 2)));
        try (Weights weights = model.views().union().copy()) {
            Mask mask = RandomMask.of(model.owned().complement(), 1_638, new SplittableRandom(2));
            var plan = MaskPlan.Entries.of(mask);
            TrainedEntries entries =
                    SparseTransformation.of(job, plan, weights, weights).entries();
            assertThat(entries.size()).isEqualTo(16_384 - 1_638);
            for (int position : FlatPlaces.of(weights.layout(), model.owned())) {
                assertThat(entries.contains(position)).isFalse();
            }
        }
    }

    @Test
    void aRunStoppedAnywhereEndsInTheSameAdapter() {
        TrainingJob job = model.job(task, recipe(Map.of("epochs", 2)));
        TrainingOutcome undisturbed =
                model.train(job, TrainingControl.unattended(new CheckpointStore(directory.resolve("1"))));
        for (int stop = 2; stop < 40; stop += 6) {
            CheckpointStore checkpoints = new CheckpointStore(directory.resolve("stopped-" + stop));
            long[] left = {stop};
            TrainingControl once = new TrainingControl(
                    progress -> left[0]--,
                    () -> left[0] <= 0,
                    checkpoints,
                    CheckpointPolicy.everySteps(2),
                    Clock.systemUTC());
            assertThatExceptionOfType(TessellateException.class)
                    .isThrownBy(() -> model.train(job, once))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
            assertThat(model.train(job, TrainingControl.unattended(checkpoints)))
                    .isEqualTo(undisturbed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lotto, 0.6, 0.2, 0, must be 0 unless the method's mask is fixed",
        "full, 0.6, 0.2, 0, must be 0 unless the method's mask is fixed",
        "lora, 0.6, 0.2, 0, must be 0 unless the method's mask is fixed",
        "random, 0.6, 0.2, 1, must be 0 unless the method's mask is fixed",
        "random, 0.6, 0.4, 0, must leave some steps",
        "random, 0, 0.4, 0, must be 0 where rampShare is 0"
    })
    void itIsRefusedWhereThereIsNothingToTransformTo(
            String method, double ramp, double hold, int refreshes, String rule) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> Recipe.of(
                        Map.of("method", method, "rampShare", ramp, "holdShare", hold, "refreshes", refreshes)))
                .withMessageContaining(rule)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE));
    }
}
