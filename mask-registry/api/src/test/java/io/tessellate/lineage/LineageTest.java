package io.tessellate.lineage;

import static io.tessellate.lineage.log.Samples.MODEL;
import static io.tessellate.lineage.log.Samples.MRPC;
import static io.tessellate.lineage.log.Samples.OTHER_RUN;
import static io.tessellate.lineage.log.Samples.RUN;
import static io.tessellate.lineage.log.Samples.SST2;
import static io.tessellate.lineage.log.Samples.committed;
import static io.tessellate.lineage.log.Samples.lineage;
import static io.tessellate.lineage.log.Samples.logged;
import static io.tessellate.lineage.log.Samples.registered;
import static io.tessellate.lineage.log.Samples.reserved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.Samples;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.VersionDigest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LineageTest {
    @Test
    void aRegisteredModelStartsAtItsBase() {
        ModelLine line = lineage(registered()).require(MODEL);

        assertThat(line.currentVersion()).isZero();
        assertThat(line.holding(0).files()).isEmpty();
        assertThat(line.free()).isEqualTo(96);
        assertThat(line.champion()).isEmpty();
        assertThat(line.file("config.json").name()).isEqualTo("config.json");
        assertThat(line.baseDigest()).isEqualTo(Samples.BASE);
    }

    @Test
    void anUnknownModelFileOrVersionIsNamed() {
        Lineage lineage = lineage(registered());

        assertThatThrownBy(() -> lineage.require(new ModelName("other")))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_MODEL))
                .hasMessageContaining("other");
        assertThatThrownBy(() -> lineage.require(MODEL).version(1)).hasMessageContaining("versions 1 to 0, not 1");
        assertThatThrownBy(() -> lineage.require(MODEL).file("vocab.txt")).hasMessageContaining("vocab.txt");
    }

    @Test
    void aCommitEndsTheReservationAndMakesAVersion() {
        ModelLine line = lineage(registered(), reserved(SST2, RUN, 1, 0), committed(SST2, RUN, 1, 1))
                .require(MODEL);

        assertThat(line.reservations()).isEmpty();
        assertThat(line.versionOf(SST2)).contains(line.commit(1));
        assertThat(line.versionOf(RUN)).contains(line.commit(1));
        assertThat(line.tasks()).extracting(Object::toString).containsExactly("glue/sst2");
        assertThat(line.owned()).isEqualTo(9);
        assertThat(line.free()).isEqualTo(87);
    }

    @Test
    void theSameRunAskingAgainHoldsTheNewerToken() {
        ModelLine line = lineage(registered(), reserved(SST2, RUN, 1, 0), reserved(SST2, RUN, 2, 0))
                .require(MODEL);

        assertThat(line.reservations()).hasSize(1);
        assertThat(line.reservation(RUN).orElseThrow().token()).isEqualTo(2);
        assertThat(line.lastToken()).isEqualTo(2);
    }

    @Test
    void aRefusalEndsOnlyTheReservationWithItsToken() {
        RegistryEvent fenced = new RegistryEvent.AdapterRejected(SST2, RUN, 1, ErrorCode.FENCED, "stale");
        RegistryEvent overlap = new RegistryEvent.AdapterRejected(SST2, RUN, 2, ErrorCode.OVERLAP, "9 weights");
        Lineage lineage = lineage(registered(), reserved(SST2, RUN, 1, 0), reserved(SST2, RUN, 2, 0), fenced);

        assertThat(lineage.require(MODEL).reservation(SST2)).isPresent();
        lineage.apply(logged(5, overlap));
        assertThat(lineage.require(MODEL).reservation(SST2)).isEmpty();
        assertThat(lineage.require(MODEL).rejection(RUN, 1).orElseThrow().code())
                .isEqualTo(ErrorCode.FENCED);
        assertThat(lineage.require(MODEL).lastRejection(RUN).orElseThrow().code())
                .isEqualTo(ErrorCode.OVERLAP);
        assertThat(lineage.require(MODEL).lastRejection(OTHER_RUN)).isEmpty();
    }

    @Test
    void aReleasedReservationIsGone() {
        Lineage lineage = lineage(
                registered(), reserved(SST2, RUN, 1, 0), new RegistryEvent.ReservationReleased(SST2, 1, "diverged"));

        assertThat(lineage.require(MODEL).reservation(SST2)).isEmpty();
        assertThat(lineage.require(MODEL).lastToken()).isEqualTo(1);
    }

    @Test
    void theChampionIsTheLastPromotedVersionAndQuarantineDoesNotMoveIt() {
        ModelLine line = lineage(
                        registered(),
                        reserved(SST2, RUN, 1, 0),
                        committed(SST2, RUN, 1, 1),
                        new RegistryEvent.VersionPromoted(1, "first"),
                        reserved(MRPC, OTHER_RUN, 2, 1),
                        committed(MRPC, OTHER_RUN, 2, 2),
                        new RegistryEvent.VersionQuarantined(2, SST2, 0.2, 0.05))
                .require(MODEL);

        assertThat(line.champion()).hasValue(1);
        assertThat(line.quarantined()).containsExactly(2);
        assertThat(line.standing(1)).isEqualTo(VersionStanding.CHAMPION);
        assertThat(line.standing(2)).isEqualTo(VersionStanding.QUARANTINED);
        assertThatThrownBy(() -> line.standing(3)).hasMessageContaining("versions 1 to 2, not 3");
    }

    @Test
    void aVersionIsIdentifiedByItsBaseAndItsAdapters() {
        ModelLine line = lineage(registered(), reserved(SST2, RUN, 1, 0), committed(SST2, RUN, 1, 1))
                .require(MODEL);

        assertThat(line.versionDigest(0)).isEqualTo(VersionDigest.base(line.baseDigest()));
        assertThat(line.versionDigest(1))
                .isEqualTo(line.versionDigest(0).then(line.commit(1).adapter().sha256()));
    }

    @Test
    void anEventAppliedAgainChangesNothing() {
        Lineage lineage = lineage(registered());

        assertThat(lineage.apply(logged(1, registered()))).isFalse();
        assertThat(lineage.sequence(MODEL)).isEqualTo(1);
    }

    @Test
    void aLogThatSkipsOrContradictsItselfIsRefused() {
        Lineage lineage = lineage(registered(), reserved(SST2, RUN, 5, 0));

        assertThatThrownBy(() -> lineage.apply(logged(4, reserved(SST2, RUN, 6, 0))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gap");
        assertThatThrownBy(() -> lineage.apply(logged(3, reserved(SST2, RUN, 5, 0))))
                .hasMessageContaining("tokens of model glue must grow");
        assertThatThrownBy(() -> lineage.apply(logged(3, committed(SST2, RUN, 5, 2))))
                .hasMessageContaining("version 2 of model glue cannot follow version 0");
        assertThatThrownBy(() -> lineage.apply(logged(3, registered()))).hasMessageContaining("twice");
        assertThatThrownBy(() -> new Lineage().apply(logged(1, reserved(SST2, RUN, 1, 0))))
                .hasMessageContaining("before it is registered");
    }

    @Test
    void aCommandIsFoundByTheEventThatAnsweredItFirst() {
        RegistryEvent rejected =
                new RegistryEvent.CommandRejected(ErrorCode.UNKNOWN_MODEL, "model glue is not registered", SST2, RUN);
        Lineage lineage = lineage(rejected, registered());

        assertThat(lineage.answer(MODEL, "command-1").orElseThrow().event()).isEqualTo(rejected);
        assertThat(lineage.answer(MODEL, "command-3")).isEmpty();
        assertThat(lineage.models()).hasSize(1);
    }

    /** A hundred versions of a hundred models vouch for half a million tasks, and there are ten thousand. */
    @Test
    void whatVersionsVouchForAgainIsKeptOnce() {
        Lineage lineage = lineage(registered());
        List<CertifiedTask> certificate = new ArrayList<>();
        for (int n = 1; n <= 20; n++) {
            TaskName task = new TaskName("task-" + n);
            RunId run = new RunId("run-" + n);
            certificate.add(new CertifiedTask(task, n, Samples.digest("weights " + n)));
            List<CertifiedTask> fresh = certificate.stream()
                    .map(entry -> new CertifiedTask(
                            new TaskName(entry.task().value()),
                            entry.owned(),
                            new Sha256(entry.sha256().hex())))
                    .toList();
            lineage.apply(logged(2L * n, reserved(task, run, n, 0)));
            lineage.apply(logged(
                    2L * n + 1,
                    new RegistryEvent.AdapterCommitted(
                            task,
                            run,
                            n,
                            n,
                            new StoredFile("a", Samples.digest("a" + n), 1),
                            "lota",
                            n,
                            0,
                            "{}",
                            Samples.digest("data"),
                            fresh)));
        }
        ModelLine line = lineage.require(MODEL);

        assertThat(line.version(20).certificate()).isEqualTo(certificate);
        for (int n = 1; n <= 20; n++) {
            assertThat(line.version(20).certificate().get(n - 1))
                    .isSameAs(line.version(n).certificate().get(n - 1));
        }
    }
}
