package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.VersionStanding;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.Ownership;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChampionChangeTest extends BenchFixture {
    private static final TaskName COLA = new TaskName("cola");

    /** Version 1 was champion, 2 is, 3 failed and 4 is not measured. */
    @BeforeEach
    void fourVersions() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.1);
        bench.send(bench.row(1, 0.0));
        bench.answer();
        bench.commit(MRPC, "run-2", "lotto", 0.1);
        bench.send(bench.row(2, 0.0, 0.0));
        bench.answer();
        bench.commit(COLA, "run-3", "lotto", 0.1);
        bench.send(bench.row(3, 0.5, 0.0, 0.0));
        bench.answer();
        bench.commit(new TaskName("rte"), "run-4", "lotto", 0.1);
        bench.appended();
    }

    @Test
    void aVersionThatFailedOrWasNotMeasuredIsPromotedByForceOnly() {
        bench.send(bench.promote(3, false));
        assertCommandRefused(ErrorCode.QUARANTINED, "version 3 of model glue was measured and failed");
        bench.send(bench.promote(4, false));
        assertCommandRefused(ErrorCode.NOT_MEASURED, "version 4 of model glue has not been measured");

        bench.send(bench.promote(3, true));

        assertThat(bench.answer()).isEqualTo(new RegistryEvent.VersionPromoted(3, "said so", "ada", true));
        assertThat(bench.line().champion()).hasValue(3);
    }

    @Test
    void whatIsSoAlreadyChangesNothing() {
        bench.send(bench.promote(2, false));
        bench.send(bench.rollBack(2, false));

        assertThat(bench.appended()).isEmpty();
    }

    @Test
    void aSlipOfTheNumberIsNoticed() {
        bench.send(bench.promote(1, true));
        assertCommandRefused(
                ErrorCode.INVALID_ARGUMENT,
                "version 1 is earlier than champion 2; if it is meant: tessellate rollback glue 1");
        bench.send(bench.rollBack(4, true));
        assertCommandRefused(
                ErrorCode.INVALID_ARGUMENT,
                "version 4 is later than champion 2; if it is meant: tessellate promote glue 4");
        bench.send(bench.promote(5, true));
        assertCommandRefused(ErrorCode.UNKNOWN_VERSION, "model glue has versions 1 to 4, not 5");
        bench.send(bench.rollBack(0, true));
        assertCommandRefused(ErrorCode.UNKNOWN_VERSION, "not 0");
    }

    @Test
    void afterARollbackNoVersionThatHoldsWhatWasLeftBecomesChampionByItself() {
        bench.send(bench.rollBack(1, false));
        assertThat(bench.answer()).isEqualTo(new Intervention.VersionRolledBack(1, 2, false, "ada", "said so"));
        assertThat(bench.line().champion()).hasValue(1);
        assertThat(bench.line().standing(2)).isEqualTo(VersionStanding.PROMOTED);
        assertThat(bench.line().heldBack(2)).containsExactly(new TaskId(Workshop.MODEL, MRPC));

        bench.send(bench.row(4, 0.0, 0.0, 0.0, 0.0));

        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.VersionPassed.class,
                        passed -> assertThat(passed.reason())
                                .endsWith(
                                        "it holds [mrpc, cola, rte], from which a person went back: tessellate promote glue 4"
                                                + " if it may be champion all the same"));
        assertThat(bench.line().champion()).hasValue(1);
    }

    @Test
    void aPersonsPromotionLetsWhatItHoldsBecomeChampionAgain() {
        bench.send(bench.rollBack(1, false));
        bench.send(bench.row(4, 0.0, 0.0, 0.0, 0.0));
        bench.send(bench.promote(4, false));
        bench.appended();
        bench.commit(new TaskName("qnli"), "run-5", "lotto", 0.1);

        bench.send(bench.row(5, 0.0, 0.0, 0.0, 0.0, 0.0));

        assertThat(bench.answer()).isInstanceOf(RegistryEvent.VersionPromoted.class);
        assertThat(bench.line().heldBack(5)).isEmpty();
    }

    @Test
    void aParkedModelKeepsItsChampion() {
        bench.blobs.damage(bench.line().commits().get(0).adapter().sha256());

        bench.send(bench.rollBack(1, false));

        assertThat(bench.appended())
                .hasExactlyElementsOfTypes(RegistryEvent.CommandRejected.class, RegistryEvent.ModelParked.class);
        bench.send(bench.promote(4, true));
        assertCommandRefused(ErrorCode.MODEL_PARKED, "model glue is parked");
    }
}
