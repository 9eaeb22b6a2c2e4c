package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryCommand;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.Ownership;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReservationTest extends BenchFixture {
    private static final long WEIGHTS = 336;

    @ParameterizedTest
    @ValueSource(strings = {"lota", "lotto"})
    void aShareOfTheWeightsIsReserved(String method) {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", method, 0.1));

        assertThat(bench.answer())
                .isEqualTo(new RegistryEvent.MaskReserved(SST2, new RunId("run-1"), 1, 0, 33, method, null));
    }

    @Test
    void anExpanderTaskGetsTheLowestFreeClassAndItsExactSize() {
        bench.register(Ownership.EXCLUSIVE);

        Reservation first = bench.reserved(SST2, "run-1", "expander", 0.25);
        Reservation second = bench.reserved(MRPC, "run-2", "expander", 0.25);

        long seed = ClassPartition.seed(bench.line().baseDigest(), 4);
        assertThat(first.lift()).isEqualTo(new ExpanderClass(4, 0, seed));
        assertThat(second.lift()).isEqualTo(new ExpanderClass(4, 1, seed));
        assertThat(first.budget()).isEqualTo(WEIGHTS / 4);
        assertThat(second.token()).isEqualTo(first.token() + 1);
    }

    @Test
    void theSameRunAskingAgainKeepsItsClassUnderANewerToken() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation first = bench.reserved(SST2, "run-1", "expander", 0.25);
        bench.reserved(MRPC, "run-2", "expander", 0.25);

        Reservation again = bench.reserved(SST2, "run-1", "expander", 0.25);

        assertThat(again.lift()).isEqualTo(first.lift());
        assertThat(again.token()).isEqualTo(3);
    }

    @Test
    void aClassWithACellThatIsOwnedIsPassedOver() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "expander", 0.25);

        assertThat(bench.reserved(MRPC, "run-2", "expander", 0.25).lift().index())
                .isEqualTo(1);
    }

    @Test
    void classesRunOutExactlyWhenTheWeightsDo() {
        bench.register(Ownership.EXCLUSIVE);
        for (int i = 0; i < 4; i++) {
            bench.commit(new TaskName("task" + i), "run-" + i, "expander", 0.25);
        }
        assertThat(bench.line().free()).isZero();

        bench.send(bench.reserve(SST2, "run-9", "expander", 0.25));

        assertCommandRefused(ErrorCode.CAPACITY, "none of the 4 classes of density 1/4 is free for task sst2");
    }

    @Test
    void scatteredOwnersLeaveNoClassFree() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.3);

        bench.send(bench.reserve(MRPC, "run-2", "expander", 0.25));

        assertCommandRefused(ErrorCode.CAPACITY, "none of the 4 classes");
    }

    @Test
    void anExpanderTooSparseForTheTensorsIsRefused() {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", "expander", 0.05));

        assertCommandRefused(ErrorCode.INVALID_RECIPE, "at least 3 are needed");
    }

    /** A run without a registry is held against the same two: StandaloneGrantsTest. */
    @ParameterizedTest
    @ValueSource(
            doubles = {1, 0.9, 0.667, 0.6666666666666666, 0.6, 0.51, 0.5, 0.4, 0.3, 0.25, 0.24, 0.2, 0.1, 1e-9, 5e-324})
    void aClassOrRefusalIsWhatTheOneRuleSays(double density) {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", "expander", density));

        MaskRequest request = MaskRequest.of("expander", density, Exhaustion.REJECT);
        Optional<TessellateException> refusal = new GrantRule(Workshop.SPACE, Ownership.EXCLUSIVE).refusal(request);
        if (refusal.isPresent()) {
            assertCommandRefused(
                    refusal.get().code(), String.valueOf(refusal.get().getMessage()));
        } else {
            ClassPartition partition = ClassPartition.of(bench.line().baseDigest(), Workshop.SPACE, density, false);
            assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.MaskReserved.class, reserved -> {
                assertThat(reserved.lift()).isEqualTo(partition.at(0));
                assertThat(reserved.budget())
                        .isBetween(WEIGHTS / partition.classes() - 4, WEIGHTS / partition.classes() + 4);
            });
        }
    }

    @Test
    void moreThanIsFreeIsRefusedOrShrunkAsAskedFor() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.7);

        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.5));
        assertCommandRefused(ErrorCode.CAPACITY, "asks for 168 of 336 weights but only 101 are free");

        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.5, Exhaustion.SHRINK));
        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.MaskReserved.class, reserved -> {
            assertThat(reserved.budget()).isEqualTo(101);
            assertThat(reserved.parentVersion()).isEqualTo(1);
        });
    }

    @Test
    void aFullModelCannotShrinkAnyFurther() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 1.0);

        bench.send(bench.reserve(MRPC, "run-2", "lotto", 0.5, Exhaustion.SHRINK));

        assertCommandRefused(ErrorCode.CAPACITY, "only 0 are free");
    }

    @ParameterizedTest
    @CsvSource({"0", "-0.1", "1.1", "NaN"})
    void aDensityOutOfItsRangeIsRefused(double density) {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", "lotto", density));

        assertCommandRefused(ErrorCode.INVALID_RECIPE, "density must lie in (0, 1]: " + density);
    }

    @Test
    void aDensityThatLeavesNoWeightIsRefused() {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", "lotto", 0.001));

        assertCommandRefused(ErrorCode.INVALID_RECIPE, "density 0.001 of 336 weights leaves none");
    }

    @Test
    void fullFineTuningNeedsSharedOwnership() {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", "full", 1.0));

        assertCommandRefused(ErrorCode.INVALID_RECIPE, "method full needs a model registered with shared ownership");
    }

    @Test
    void withSharedOwnershipEveryMethodFindsRoom() {
        bench.register(Ownership.SHARED);
        bench.commit(new TaskName("first"), "run-0", "full", 1.0);

        assertThat(bench.reserved(SST2, "run-1", "full", 0.1).budget()).isEqualTo(WEIGHTS);
        assertThat(bench.reserved(SST2, "run-2", "lotto", 0.5).budget()).isEqualTo(WEIGHTS / 2);
        Reservation again = bench.reserved(SST2, "run-3", "expander", 0.25);
        assertThat(again.lift().lift()).isEqualTo(4);
        bench.send(bench.workshop.completed(bench.line(), again, bench.properMask(again)));
        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.AdapterCommitted.class,
                        committed -> assertThat(committed.overlap()).isEqualTo(again.budget()));
    }

    @ParameterizedTest
    @CsvSource({"switches,0.25,84", "matchings,0.3,84", "one_sided,0.25,84", "one_sided,0.1,24"})
    void aRegularMaskIsReservedWithItsExactSize(String method, double density, long size) {
        bench.register(Ownership.EXCLUSIVE);
        assertThat(bench.reserved(SST2, "run-1", method, density).budget()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(strings = {"switches", "matchings"})
    void aRegularMaskTooSparseToBeAnExpanderIsRefusedWhereItIsReserved(String method) {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", method, 0.2));

        assertCommandRefused(
                ErrorCode.INVALID_RECIPE,
                "expander masks of density 0.2 give tensor 'query' (12 x 12) 2 entries per row and 2 per column, at"
                        + " least 3 are needed: choose a density of at least 0.2500, or random masks");
    }

    @Test
    void aRegularMaskIsNotShrunk() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.8);

        bench.send(bench.reserve(MRPC, "run-2", "matchings", 0.25, Exhaustion.SHRINK));

        assertCommandRefused(ErrorCode.CAPACITY, "asks for 84 of 336 weights but only 68 are free");
    }

    @Test
    void aSharedMaskIsAClassOfAPartitionOfItsOwn() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation own = bench.reserved(SST2, "run-1", "expander", 0.25);
        bench.send(bench.reserve(
                MRPC, "run-2", new MaskRequest("expander", 0.25, Exhaustion.REJECT, true, OptionalInt.empty())));
        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.MaskReserved.class,
                        reserved -> assertThat(reserved.lift())
                                .isEqualTo(new ExpanderClass(4, 0, own.lift().seed(), true)));
    }

    @Test
    void parallelTasksTrainOnTheVersionTheyName() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "expander", 0.25);

        Reservation reservation = bench.reserved(MRPC, "run-2", parallel("expander", 0));

        assertThat(reservation.parentVersion()).isZero();
        assertThat(reservation.lift().index()).isEqualTo(1);
    }

    @Test
    void whatIsNotReservedBeforeTrainingIsNotTrainedInParallel() {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", parallel("lotto", 0)));
        assertCommandRefused(ErrorCode.INVALID_RECIPE, "parallel tasks need a mask that is reserved before training");

        bench.send(bench.reserve(SST2, "run-1", parallel("expander", 1)));
        assertCommandRefused(ErrorCode.INVALID_RECIPE, "asks to be trained on version 1; the model is at version 0");
    }

    @Test
    void parallelTasksNeedExclusiveOwnership() {
        bench.register(Ownership.SHARED);

        bench.send(bench.reserve(SST2, "run-1", parallel("expander", 0)));

        assertCommandRefused(
                ErrorCode.INVALID_RECIPE, "parallel tasks need a model registered with exclusive ownership");
    }

    private static MaskRequest parallel(String method, int from) {
        return new MaskRequest(method, 0.25, Exhaustion.REJECT, false, OptionalInt.of(from));
    }

    @Test
    void overwritingEarlierTasksNeedsSharedOwnership() {
        bench.register(Ownership.EXCLUSIVE);
        RegistryCommand command = bench.reserve(SST2, "run-1", "lotto", 0.1);
        command.getReserveMask().setExhaustion("overlap");

        bench.send(command);

        assertCommandRefused(
                ErrorCode.INVALID_RECIPE, "exhaustion overlap needs a model registered with shared ownership");
    }

    @Test
    void anUnknownMethodOrExhaustionIsRefusedNamingTheTask() {
        bench.register(Ownership.EXCLUSIVE);

        bench.send(bench.reserve(SST2, "run-1", "magic", 0.1));
        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.CommandRejected.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_RECIPE);
            assertThat(refused.message()).contains("method 'magic' must be one of full, ");
            assertThat(refused.task()).isEqualTo(SST2);
            assertThat(refused.run()).isEqualTo(new RunId("run-1"));
        });

        RegistryCommand command = bench.reserve(SST2, "run-1", "lotto", 0.1);
        command.getReserveMask().setExhaustion("explode");
        bench.send(command);
        assertCommandRefused(ErrorCode.INVALID_RECIPE, "exhaustion 'explode' must be reject, shrink or overlap");
    }

    @Test
    void aTaskThatWasCommittedIsClosed() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.1);

        bench.send(bench.reserve(SST2, "run-1", "lotto", 0.1));

        assertCommandRefused(ErrorCode.TASK_CLOSED, "task sst2 was committed as version 1 by run run-1");
    }

    @Test
    void anUnknownModelIsRefused() {
        bench.send(bench.reserve(SST2, "run-1", "lotto", 0.1));

        assertCommandRefused(ErrorCode.UNKNOWN_MODEL, "model glue is not registered");
        assertThat(bench.lineage.models()).isEmpty();
    }

    @Test
    void theSameCommandIsAnsweredOnce() {
        bench.register(Ownership.EXCLUSIVE);
        RegistryCommand command = bench.reserve(SST2, "run-1", "lotto", 0.1);

        bench.send(command);
        bench.send(command);

        assertThat(bench.appended()).hasSize(1);
        assertThat(bench.lineage.answer(Workshop.MODEL, command.getCommandId())).isPresent();
    }

    @Test
    void aReservationCanBeGivenBackOnceByItsToken() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "expander", 0.25);

        bench.send(bench.release(SST2, reservation.token()));
        assertThat(bench.answer()).isEqualTo(new RegistryEvent.ReservationReleased(SST2, 1, "asked for"));

        bench.send(bench.release(SST2, reservation.token()));
        assertCommandRefused(ErrorCode.FENCED, "task sst2 has no open reservation with token 1");
        assertThat(bench.reserved(MRPC, "run-2", "expander", 0.25).lift().index())
                .isZero();
    }

    @Test
    void aRunThatFailedFreesItsReservation() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.1);

        bench.send(bench.workshop.failed(reservation));
        bench.send(bench.workshop.failed(reservation));

        assertThat(bench.answer()).isEqualTo(new RegistryEvent.ReservationReleased(SST2, 1, "DIVERGED: loss is NaN"));
    }

    @Test
    void theFailureOfAStaleAttemptFreesNothing() {
        bench.register(Ownership.EXCLUSIVE);
        Reservation stale = bench.reserved(SST2, "run-1", "lotto", 0.1);
        bench.reserved(SST2, "run-1", "lotto", 0.1);

        bench.send(bench.workshop.failed(stale));

        assertThat(bench.appended()).isEmpty();
        assertThat(bench.line().reservation(SST2)).isPresent();
    }
}
