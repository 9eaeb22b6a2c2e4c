package io.tessellate.registry.command;

import static io.tessellate.registry.command.Bench.MRPC;
import static io.tessellate.registry.command.Bench.SST2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.ForgettingRow;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.VersionStanding;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.Ownership;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JudgementTest extends BenchFixture {
    private static final TaskName COLA = new TaskName("cola");

    @BeforeEach
    void threeVersions() {
        bench.register(Ownership.EXCLUSIVE);
        bench.commit(SST2, "run-1", "lotto", 0.2);
        bench.commit(MRPC, "run-2", "lotto", 0.2);
        bench.commit(COLA, "run-3", "lotto", 0.2);
    }

    @Test
    void theFirstVersionIsPromotedSinceThereIsNothingToForget() {
        bench.send(bench.row(1, 0.0));

        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.VersionPromoted.class,
                        promoted -> assertThat(promoted.version()).isEqualTo(1));
        assertThat(bench.line().champion()).hasValue(1);
    }

    @Test
    void aVersionWithinTheBudgetBecomesChampion() {
        bench.send(bench.row(3, 0.05, -0.1, 0.9));

        assertThat(bench.answer())
                .isEqualTo(new RegistryEvent.VersionPromoted(
                        3, "largest drop 0.0500, of task sst2, is within the budget of 0.0500"));
    }

    @Test
    void theWorstDropOfAnEarlierTaskQuarantines() {
        bench.send(bench.row(1, 0.0));
        bench.answer();

        bench.send(bench.row(3, 0.06, 0.2, 0.0));

        assertThat(bench.answer()).isEqualTo(new RegistryEvent.VersionQuarantined(3, MRPC, 0.2, 0.05));
        assertThat(bench.line().champion()).hasValue(1);
        assertThat(bench.line().quarantined()).containsExactly(3);
    }

    @Test
    void aDropThatIsNotANumberQuarantines() {
        bench.send(bench.row(2, Double.NaN, 0.0));

        assertThat(bench.answer()).isInstanceOf(RegistryEvent.VersionQuarantined.class);
    }

    @Test
    void aVersionOfWhichATaskCouldNotBeMeasuredIsSetAsideWithTheReason() {
        bench.send(bench.row(1, 0.0));
        bench.answer();

        bench.send(bench.rowWithout(MRPC, 3, 0.0, 0.0, 0.0));

        assertThat(bench.answer())
                .isEqualTo(new RegistryEvent.VersionQuarantined(
                        3,
                        MRPC,
                        0,
                        0.05,
                        ErrorCode.RECORDS_GONE,
                        "1 of 3 tasks could not be measured; 'mrpc': the topic was deleted"));
        assertThat(bench.line().champion()).hasValue(1);
    }

    @Test
    void aDropBeyondTheBudgetIsSaidBeforeWhatCouldNotBeMeasured() {
        bench.send(bench.rowWithout(MRPC, 3, 0.2, 0.0, 0.0));

        assertThat(bench.answer())
                .isInstanceOfSatisfying(
                        RegistryEvent.VersionQuarantined.class,
                        quarantined -> assertThat(quarantined.code()).isEqualTo(ErrorCode.FORGETTING));
    }

    @Test
    void aRowThatComesAgainJudgesOnce() {
        bench.send(bench.row(2, 0.0, 0.0));
        bench.send(bench.row(2, 0.9, 0.0));

        assertThat(bench.appended()).hasSize(1);
    }

    @Test
    void anEarlierVersionThatIsMeasuredLateDoesNotTakeTheAliasBack() {
        bench.send(bench.row(3, 0.0, 0.0, 0.0));
        bench.answer();

        bench.send(bench.row(2, 0.0, 0.0));

        assertThat(bench.answer())
                .isEqualTo(
                        new RegistryEvent.VersionPassed(
                                2,
                                "largest drop 0.0000, of task sst2, is within the budget of 0.0500; version 3 is champion already"));
        assertThat(bench.line().champion()).hasValue(3);
        assertThat(bench.line().standing(2)).isEqualTo(VersionStanding.PASSED);
    }

    @Test
    void aRowOfAnUnknownVersionOrOfOtherTasksIsRefused() {
        ForgettingRow future = bench.row(3, 0.0, 0.0, 0.0);
        future.setVersion(4);
        bench.send(future);
        assertCommandRefused(ErrorCode.UNKNOWN_VERSION, "names version 4 of model glue, which is at version 3");

        ForgettingRow other = bench.row(3, 0.0, 0.0, 0.0);
        other.setVersion(2);
        bench.send(other);
        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "the version's tasks are [sst2, mrpc]");
    }
}
