package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.VersionStanding;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.grant.Ownership;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DropTaskTest extends BenchFixture {
    private static final TaskName COLA = new TaskName("cola");

    private void threeVersions() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.2);
        bench.commit(MRPC, "run-2", "lotto", 0.2);
        bench.commit(COLA, "run-3", "lotto", 0.2);
    }

    @Test
    void aVersionOfAllOthersFollowsAndWhatTheTaskOwnedIsFree() {
        threeVersions();
        long owned = bench.line().owned();
        long its = bench.line().commits().get(1).owned();

        bench.send(bench.drop(MRPC));

        assertThat(bench.answer()).isInstanceOfSatisfying(Intervention.VersionComposed.class, made -> {
            assertThat(made.version()).isEqualTo(4);
            assertThat(made.holds()).containsExactly(1, 3);
            assertThat(made.without()).isEqualTo(MRPC);
            assertThat(made.who()).isEqualTo("ada");
            assertThat(made.certificate()).extracting(entry -> entry.task()).containsExactly(SST2, COLA);
        });
        assertThat(bench.line().owned()).isEqualTo(owned - its);
        assertThat(bench.line().tasks()).extracting(task -> task.task()).containsExactly(SST2, COLA);
        assertThat(bench.line().holding(3).taskNames()).contains(MRPC);
    }

    @Test
    void whatWasFreedMayBeOwnedByTheNextTaskAndByTheSameOneAgain() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.5);
        bench.commit(MRPC, "run-2", "lotto", 0.5);
        bench.send(bench.reserve(COLA, "run-3", "lotto", 0.5));
        assertCommandRefused(ErrorCode.CAPACITY, "only 0 are free");
        bench.send(bench.drop(SST2));
        bench.answer();

        Mask freed = AdapterFile.read(bench.blobs.fetch(
                        bench.line().commits().get(0).adapter().sha256()))
                .mask(Workshop.SPACE);
        Reservation reservation = bench.reserved(SST2, "run-1b", "lotto", 0.5);
        assertThat(reservation.parentVersion()).isEqualTo(3);
        bench.send(bench.workshop.completed(bench.line(), reservation, freed));

        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.AdapterCommitted.class,
                        committed -> assertThat(committed.holds()).containsExactly(2, 4));
    }

    @Test
    void itIsMeasuredBeforeItBecomesChampionAndEveryTaskOfItIsAnEarlierOne() {
        threeVersions();
        bench.send(bench.row(3, 0.0, 0.0, 0.0));
        bench.send(bench.drop(MRPC));
        bench.appended();
        assertThat(bench.line().champion()).hasValue(3);
        assertThat(bench.line().standing(4)).isEqualTo(VersionStanding.CANDIDATE);
        bench.send(bench.promote(4, false));
        assertCommandRefused(ErrorCode.NOT_MEASURED, "version 4");

        bench.send(bench.row(4, 0.0, 0.9));

        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.VersionQuarantined.class,
                        failed -> assertThat(failed.task()).isEqualTo(COLA));
    }

    @Test
    void aRunThatWasTrainedOnItIsTrainedAgain() {
        threeVersions();
        Reservation reservation = bench.reserved(new TaskName("rte"), "run-4", "lotto", 0.1);
        var completed = bench.workshop.completed(bench.line(), reservation, bench.properMask(reservation));
        bench.send(bench.drop(MRPC));
        bench.answer();

        bench.send(completed);

        assertAdapterRefused(ErrorCode.STALE_PARENT, "of which the adapters of [mrpc] were taken out since");
    }

    @Test
    void afterTheOnlyTaskTheNextOneBuildsOnTheBase() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.5);

        bench.send(bench.drop(SST2));

        assertThat(bench.answer())
                .isEqualTo(new Intervention.ParentChanged(0, Intervention.ParentChanged.Cause.DROP, "ada", "said so"));
        assertThat(bench.line().owned()).isZero();
        assertThat(bench.commit(MRPC, "run-2", "lotto", 0.9).holds()).isEqualTo(List.of(2));
    }

    @Test
    void whatIsOutAlreadyChangesNothingAndWhatNeverWasIsUnknown() {
        threeVersions();
        bench.send(bench.drop(MRPC));
        bench.answer();

        bench.send(bench.drop(MRPC));

        assertThat(bench.appended()).isEmpty();
        bench.send(bench.drop(new TaskName("rte")));
        assertCommandRefused(ErrorCode.UNKNOWN_TASK, "no version of model glue holds task rte");
    }

    @Test
    void whereTasksOverwriteEachOtherNoneIsTakenOut() {
        bench.register(Ownership.SHARED);
        bench.commit(SST2, "run-1", "lotto", 0.5);

        bench.send(bench.drop(SST2));

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "overwrite each other's weights");
    }
}
