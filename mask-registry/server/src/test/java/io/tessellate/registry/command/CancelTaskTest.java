package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.Ownership;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CancelTaskTest extends BenchFixture {
    @BeforeEach
    void register() {
        bench.register(Ownership.EXCLUSIVE);
    }

    @Test
    void whatARunHadReservedIsFreeAndItNeverCommits() {
        Reservation reservation = bench.reserved(SST2, "run-1", "expander", 0.25);

        bench.send(bench.cancel(SST2, "run-1"));

        assertThat(bench.answer())
                .isEqualTo(new Intervention.TaskCancelled(SST2, new RunId("run-1"), "ada", "said so"));
        assertThat(bench.line().reservations()).isEmpty();
        bench.send(bench.workshop.completed(bench.line(), reservation, bench.properMask(reservation)));
        assertAdapterRefused(ErrorCode.CANCELLED, "run run-1 was cancelled by ada: said so");
        assertThat(bench.reserved(MRPC, "run-2", "expander", 0.25).lift()).isEqualTo(reservation.lift());
    }

    @Test
    void aRunThatIsBegunAgainIsToldSo() {
        bench.send(bench.cancel(SST2, "run-1"));
        bench.answer();

        bench.send(bench.reserve(SST2, "run-1", "lotto", 0.1));

        assertCommandRefused(ErrorCode.CANCELLED, "run run-1 was cancelled by ada");
    }

    @Test
    void theSameTaskMayBeTrainedByAnotherRun() {
        bench.send(bench.cancel(SST2, "run-1"));
        bench.answer();

        assertThat(bench.commit(SST2, "run-1b", "lotto", 0.1).version()).isEqualTo(1);
    }

    @Test
    void whatIsCommittedIsNotCancelled() {
        bench.commit(SST2, "run-1", "lotto", 0.1);

        bench.send(bench.cancel(SST2, "run-1"));

        assertCommandRefused(ErrorCode.TASK_CLOSED, "was committed as version 1 before it could be cancelled");
        assertThat(bench.line().currentVersion()).isEqualTo(1);
    }

    @Test
    void cancellingAgainChangesNothing() {
        bench.send(bench.cancel(SST2, "run-1"));
        bench.send(bench.cancel(SST2, "run-1"));

        assertThat(bench.appended()).hasExactlyElementsOfTypes(Intervention.TaskCancelled.class);
    }

    @Test
    void aFailureThatIsReportedAfterwardsReleasesNothingTwice() {
        Reservation reservation = bench.reserved(SST2, "run-1", "lotto", 0.1);
        bench.send(bench.cancel(SST2, "run-1"));
        bench.answer();

        bench.send(bench.workshop.failed(reservation));

        assertThat(bench.appended()).isEmpty();
    }

    @Test
    void aRunOfAModelThatIsNotThereIsRefused() {
        var command = bench.cancel(SST2, "run-1");
        command.setModel("other");

        bench.send(command);

        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.CommandRejected.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL));
    }
}
