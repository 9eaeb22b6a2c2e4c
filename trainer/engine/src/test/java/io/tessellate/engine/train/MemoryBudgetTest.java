package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.plan.Bytes;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.MemoryUse;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.engine.train.fixture.TrainingFixture;
import io.tessellate.engine.train.fixture.WatchedMemory;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that cannot have its memory does not begin. */
class MemoryBudgetTest {
    private static final Recipe RECIPE = Recipe.of(Map.of(
            "method",
            "lotto",
            "epochs",
            1,
            "density",
            0.1,
            "learningRate",
            5e-3,
            "calibrationLearningRate",
            5e-3,
            "replayShare",
            0.25));

    private final TrainingFixture model = new TrainingFixture();
    private final StreamTask task = ToyTasks.lookup("one", 1, 100);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        model.close();
    }

    /** A machine of so many bytes, of which so many are free. */
    private static Backend machine(long total, long free) {
        return new WatchedMemory(
                TrainingFixture.BACKEND, there -> new MemoryRoom(total, free, Long.MAX_VALUE, true, "the machine"));
    }

    /** A machine on which a plan just fits. */
    private static Backend fitting(MemoryPlan plan) {
        long total = Math.round(plan.peak(true).all() / 0.9) + 1000;
        return machine(total, total);
    }

    private MemoryPlan plan(Recipe recipe) {
        return new Trainer(TrainingFixture.BACKEND).plan(model.job(task, recipe));
    }

    private TrainingOutcome train(Backend backend, Recipe recipe, String where) {
        return new Trainer(backend)
                .train(
                        model.job(task, recipe),
                        TrainingControl.unattended(new CheckpointStore(directory.resolve(where))));
    }

    @Test
    void whatFitsIsTrainedAsItStands() {
        TrainingOutcome outcome = train(fitting(plan(RECIPE)), RECIPE, "1");
        assertThat(outcome.adapter().metadata().recipe()).isEqualTo(RECIPE.json());
    }

    @Test
    void aBatchThatDoesNotFitGoesThroughTheModelInTheLargestPartsThatDoAndTheAdapterNamesThem() {
        Recipe inParts = RECIPE.with("microBatch", 5);
        TrainingOutcome chosen = train(fitting(plan(inParts)), RECIPE, "1");
        assertThat(chosen.adapter().metadata().recipe()).isEqualTo(inParts.json());
        assertThat(chosen.adapter().metadata().run())
                .isEqualTo(model.job(task, RECIPE).run());
        assertThat(chosen).isEqualTo(train(TrainingFixture.BACKEND, inParts, "2"));
    }

    @Test
    void partsThatTheRecipeNamesAreNotMadeSmaller() {
        Recipe inParts = RECIPE.with("microBatch", 8);
        Backend small = fitting(plan(RECIPE.with("microBatch", 5)));
        assertThatThrownBy(() -> train(small, inParts, "1"))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_MEMORY));
    }

    @Test
    void whatNeverFitsIsRefusedWithItsTableBeforeAnythingIsAllocated() {
        long total = 100_000_000;
        WatchedMemory small = new WatchedMemory(machine(total, total));
        MemoryPlan least = plan(RECIPE.with("microBatch", 1));
        assertThatThrownBy(() -> train(small, RECIPE, "1"))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_MEMORY))
                .hasMessageContaining("run run-1 of toy/one needs "
                        + new Bytes(least.peak(true).all()))
                .hasMessageContaining("the machine has 100 MB")
                .hasMessageContaining("libraries and the Java machine 157 MB")
                .hasMessageContaining("examples go through the model one by one")
                .hasMessageContaining("take a smaller batchSize, microBatch or maxLength, recompute");
        assertThat(small.peak()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatDoesNotFitBesideOthersWaitsForThem() {
        long total = 10_000_000_000L;
        assertThatThrownBy(() -> train(machine(total, 10_000_000), RECIPE, "1"))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_IN_USE))
                .hasMessageContaining("10.0 MB are free now of the 10.0 GB of the machine");
    }

    @Test
    void whatOneRunWillTakeIsNotPromisedToAnother() {
        MemoryPlan plan = plan(RECIPE);
        long needed = plan.peak(true).all() - plan.peak(true).in(MemoryUse.Place.PROCESS);
        Backend backend = machine(10 * needed, needed + needed / 2);
        MemoryBudget budget = MemoryBudget.ofMachine();
        try (MemoryBudget.Admission first = budget.admit("one", backend, micro -> plan, 16, 0, 0)) {
            assertThat(first.plan()).isEqualTo(plan);
            assertThatThrownBy(() -> budget.admit("two", backend, micro -> plan, 16, 0, 0))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("two needs");
        }
        budget.admit("two", backend, micro -> plan, 16, 0, 0).close();
    }

    @Test
    void aSettingIsALimitLikeAnyOther() {
        MemoryPlan plan = plan(RECIPE);
        MemoryBudget little = new MemoryBudget(200_000_000);
        assertThatThrownBy(() -> little.admit("one", TrainingFixture.BACKEND, micro -> plan, 16, 0, 0))
                .hasMessageContaining("the setting has 200 MB");
    }

    @Test
    void whatIsKeptForLaterIsLetGoAsSoonAsSomebodyWaitsForIt() {
        MemoryPlan plan = plan(RECIPE);
        AtomicLong free = new AtomicLong(10_000_000);
        Backend backend = new WatchedMemory(
                TrainingFixture.BACKEND,
                there -> new MemoryRoom(10_000_000_000L, free.get(), Long.MAX_VALUE, true, "the machine"));
        MemoryBudget budget = MemoryBudget.ofMachine();
        Runnable keeper = () -> free.set(9_000_000_000L);
        budget.lendsTo(keeper);
        budget.admit("one", backend, micro -> plan, 16, 0, 0).close();
        free.set(10_000_000);
        budget.lendsNoMore(keeper);
        assertThatThrownBy(() -> budget.admit("two", backend, micro -> plan, 16, 0, 0))
                .isInstanceOf(RetriableException.class);
    }

    @Test
    void whoWaitsIsToldForWhomAndNotOvertakenForEver() {
        MemoryPlan plan = plan(RECIPE);
        long needed = plan.peak(true).all() - plan.peak(true).in(MemoryUse.Place.PROCESS);
        Backend backend = machine(10 * needed, needed + needed / 2);
        Moved clock = new Moved();
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE, clock);
        MemoryBudget.Admission first = budget.admit("one", backend, micro -> plan, 16, 0, 0);
        assertThatThrownBy(() -> budget.admitBrief("scoring", backend, plan, 0))
                .isInstanceOfSatisfying(
                        RetriableException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_IN_USE))
                .hasMessageContaining("it waits until others have ended: one");
        clock.now = clock.now.plusSeconds(90);
        first.close();
        assertThatThrownBy(() -> budget.admit("three", backend, micro -> plan, 16, 0, 0))
                .as("the memory is kept for who asked before")
                .isInstanceOf(RetriableException.class);
        budget.admitBrief("scoring", backend, plan, 0).close();
        budget.admit("three", backend, micro -> plan, 16, 0, 0).close();
    }

    /** A clock that is moved by hand. */
    private static final class Moved extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
