package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TaskVerdict;
import io.tessellate.event.VersionVerdict;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.VersionStanding;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.VerdictRules;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.grant.Ownership;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model whose failed versions leave their adapters out of all later ones. */
final class QuarantineTest extends BenchFixture {
    private static final TaskName COLA = new TaskName("cola");

    @BeforeEach
    void oneChampion() {
        register(new VerdictRules(Map.of(), null, FailedVersion.QUARANTINE));
        bench.commit(SST2, "run-1", "lotto", 0.2);
        bench.send(bench.row(1, 0.0));
        bench.answer();
    }

    private void register(VerdictRules rules) {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(), base.files(), base.space(), base.ownership(), 0.05, false, "", rules)));
        bench.answer();
    }

    private static ForgettingRow judged(ForgettingRow row, String verdict, Double drop) {
        row.setVerdict(VersionVerdict.newBuilder()
                .setVerdict(verdict)
                .setReason("drop %s".formatted(drop))
                .setTasks(List.of(TaskVerdict.newBuilder()
                        .setTask("sst2")
                        .setVerdict(verdict)
                        .setReason("drop %s".formatted(drop))
                        .setBudget(0.05)
                        .setBudgetFrom("model")
                        .setDrop(drop)
                        .build()))
                .build());
        return row;
    }

    private void secondFails() {
        bench.commit(MRPC, "run-2", "lotto", 0.2);
        bench.send(judged(bench.row(2, 0.2, 0.0), "FAIL", 0.2));
        assertThat(bench.appended())
                .containsExactly(
                        new RegistryEvent.VersionQuarantined(2, SST2, 0.2, 0.05, ErrorCode.FORGETTING, "drop 0.2"),
                        new Intervention.ParentChanged(
                                1,
                                Intervention.ParentChanged.Cause.QUARANTINE,
                                "policy",
                                "version 2 failed its verdict; its adapter stays out of every later version"));
    }

    @Test
    void theAdapterOfAFailedVersionStaysOutOfTheNextAndItsWeightsAreFree() {
        long free = bench.line().free();
        secondFails();
        assertThat(bench.line().free()).isEqualTo(free);
        Mask formerly = mask(2);

        Reservation reservation = bench.reserved(COLA, "run-3", "lotto", 0.2);
        assertThat(reservation.parentVersion()).isEqualTo(1);
        bench.send(bench.workshop.completed(bench.line(), reservation, formerly));

        assertThat(bench.answer()).isInstanceOfSatisfying(RegistryEvent.AdapterCommitted.class, committed -> {
            assertThat(committed.version()).isEqualTo(3);
            assertThat(committed.holds()).containsExactly(1, 3);
            assertThat(committed.certificate())
                    .extracting(entry -> entry.task().value())
                    .containsExactly("sst2", "cola");
        });
        assertThat(bench.line().standing(2)).isEqualTo(VersionStanding.QUARANTINED);
        assertThat(bench.line().champion()).hasValue(1);
        assertThat(bench.line().taskView(bench.line().commit(2)).numbers()).containsExactly(1, 2);
    }

    private Mask mask(int version) {
        return AdapterFile.read(
                        bench.blobs.fetch(bench.line().commit(version).adapter().sha256()))
                .mask(Workshop.SPACE);
    }

    @Test
    void aFinishedTrainingWaitsForTheVerdictOnWhatItWouldBeBuiltOn() {
        bench.commit(MRPC, "run-2", "lotto", 0.2);
        Reservation reservation = bench.reserved(COLA, "run-3", "lotto", 0.2);
        bench.send(bench.workshop.completed(bench.line(), reservation, bench.properMask(reservation)));
        assertThat(bench.appended()).isEmpty();

        bench.send(judged(bench.row(2, 0.0, 0.0), "WARN", 0.0));

        assertThat(bench.appended())
                .hasExactlyElementsOfTypes(RegistryEvent.VersionPromoted.class, RegistryEvent.AdapterCommitted.class);
        assertThat(bench.line().holding(3).numbers()).containsExactly(1, 2, 3);
    }

    @Test
    void whatWasTrainedOnAFailedVersionIsTrainedAgain() {
        bench.commit(MRPC, "run-2", "lotto", 0.2);
        Reservation reservation = bench.reserved(COLA, "run-3", "lotto", 0.2);
        bench.send(bench.workshop.completed(bench.line(), reservation, bench.properMask(reservation)));

        bench.send(judged(bench.row(2, 0.2, 0.0), "FAIL", 0.2));

        List<RegistryEvent> events = bench.appended();
        assertThat(events).hasSize(3);
        assertThat(events.get(2)).isInstanceOfSatisfying(RegistryEvent.AdapterRejected.class, rejected -> {
            assertThat(rejected.code()).isEqualTo(ErrorCode.STALE_PARENT);
            assertThat(rejected.lostRace()).isTrue();
            assertThat(rejected.message()).contains("version 2", "mrpc");
        });
        bench.commit(COLA, "run-3", "lotto", 0.2);
        assertThat(bench.line().holding().numbers()).containsExactly(1, 3);
    }

    @Test
    void aTaskThatWasTakenOutMayBeTrainedByAnotherRun() {
        secondFails();

        bench.commit(MRPC, "run-9", "lotto", 0.2);

        assertThat(bench.line().versionOf(MRPC).orElseThrow().number()).isEqualTo(3);
        assertThat(bench.line().holding().taskNames()).containsExactly(SST2, MRPC);
    }

    @Test
    void whatCouldNotBeMeasuredIsSetAsideAndTakesNothingOut() {
        bench.commit(MRPC, "run-2", "lotto", 0.2);

        bench.send(bench.rowWithout(SST2, 2, 0.0, 0.0));

        assertThat(bench.answer()).isInstanceOf(RegistryEvent.VersionQuarantined.class);
        assertThat(bench.line().parent()).isEqualTo(2);
    }

    @Test
    void otherRulesUnderTheSameNameAreRefused() {
        RegistryEvent.ModelRegistered base = bench.workshop.base(Ownership.EXCLUSIVE);
        bench.send(bench.register(new RegistryEvent.ModelRegistered(
                base.baseDigest(),
                base.files(),
                base.space(),
                base.ownership(),
                0.05,
                false,
                "",
                new VerdictRules(Map.of(SST2, 0.01), 0.05, FailedVersion.KEEP))));
        assertCommandRefused(ErrorCode.MODEL_EXISTS, "significance: none");
    }
}
