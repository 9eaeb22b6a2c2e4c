package io.tessellate.evaluator.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.lineage.log.VerdictRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Budgets in points and by significance, task by task. */
final class VersionVerdictTest {
    private static final Gate POINTS = Gate.of(0.1);

    private static Gate significant(double level) {
        return new Gate(0.1, false, new VerdictRules(Map.of(), level, FailedVersion.KEEP));
    }

    private static TaskCase task(String name, @Nullable Double drop, @Nullable DropTest test) {
        return new TaskCase(
                new TaskName(name), false, null, drop, drop == null ? null : 1, Optional.empty(), test, 100, null);
    }

    private static TaskCase newest(String name) {
        return new TaskCase(new TaskName(name), true, null, null, null, Optional.empty(), null, 0, null);
    }

    private static TaskCase missing(String name, boolean newest) {
        return new TaskCase(
                new TaskName(name), newest, "the topic was deleted", null, null, Optional.empty(), null, 0, null);
    }

    private static DropTest test(double p) {
        return new DropTest(DropTest.Method.MCNEMAR_EXACT, p, 9, 2);
    }

    @Test
    void aFirstVersionPasses() {
        VersionVerdict verdict = VersionVerdict.of(POINTS, List.of(newest("tone")));

        assertThat(verdict.verdict()).isEqualTo(VerdictLevel.PASS);
        assertThat(verdict.reason()).isEqualTo("the first version has no earlier task to forget");
        assertThat(verdict.tasks()).isEmpty();
    }

    @Test
    void pointsAloneDecideUnlessALevelIsGiven() {
        assertThat(VersionVerdict.of(POINTS, List.of(task("tone", 0.05, test(0.9)), newest("topic")))
                        .reason())
                .isEqualTo("largest drop 0.0500, of task tone, is within the budget of 0.1000");
        assertThat(VersionVerdict.of(POINTS, List.of(task("tone", 0.06, null))).verdict())
                .isEqualTo(VerdictLevel.WARN);
        assertThat(VersionVerdict.of(POINTS, List.of(task("tone", 0.11, test(0.9))))
                        .verdict())
                .isEqualTo(VerdictLevel.FAIL);
        assertThat(VersionVerdict.of(POINTS, List.of(task("tone", Double.NaN, null)))
                        .verdict())
                .isEqualTo(VerdictLevel.FAIL);
    }

    @Test
    void aDropThatMayBeChanceWarnsWhereALevelIsGiven() {
        VersionVerdict chance = VersionVerdict.of(significant(0.05), List.of(task("tone", 0.11, test(0.06))));
        assertThat(chance.verdict()).isEqualTo(VerdictLevel.WARN);
        assertThat(chance.reason()).contains("not significant at 0.05", "p 0.06", "9 of 100 examples lost and 2 won");

        assertThat(VersionVerdict.of(significant(0.05), List.of(task("tone", 0.11, test(0.04))))
                        .verdict())
                .isEqualTo(VerdictLevel.FAIL);
        assertThat(VersionVerdict.of(significant(0.05), List.of(task("tone", 0.11, null)))
                        .verdict())
                .as("what could not be tested is taken as it is")
                .isEqualTo(VerdictLevel.FAIL);
    }

    @Test
    void severalTasksAreCorrectedForAndTheWorstDecides() {
        VersionVerdict verdict = VersionVerdict.of(
                significant(0.05),
                List.of(task("tone", 0.2, test(0.04)), task("topic", 0.0, test(1.0)), newest("grammar")));

        assertThat(verdict.tasks()).extracting(TaskVerdict::corrected).containsExactly(0.08, 1.0);
        assertThat(verdict.tasks())
                .extracting(TaskVerdict::verdict)
                .containsExactly(VerdictLevel.WARN, VerdictLevel.PASS);
        assertThat(verdict.verdict()).isEqualTo(VerdictLevel.WARN);
    }

    @Test
    void aTasksBudgetIsItsRegistrationsThenItsManifestsThenTheModels() {
        Gate gate = new Gate(
                0.1, false, new VerdictRules(Map.of(new TaskName("tone"), 0.3), null, FailedVersion.QUARANTINE));
        TaskCase strict = new TaskCase(new TaskName("topic"), false, null, 0.05, 1, Optional.of(0.01), null, 0, null);
        TaskCase both = new TaskCase(new TaskName("tone"), false, null, 0.05, 1, Optional.of(0.01), null, 0, null);

        VersionVerdict verdict = VersionVerdict.of(gate, List.of(both, strict, task("grammar", 0.05, null)));

        assertThat(verdict.tasks())
                .extracting(TaskVerdict::budgetFrom)
                .containsExactly("registration", "manifest", "model");
        assertThat(verdict.tasks())
                .extracting(TaskVerdict::verdict)
                .containsExactly(VerdictLevel.PASS, VerdictLevel.FAIL, VerdictLevel.PASS);
        assertThat(verdict.takesOut()).isTrue();
        assertThat(verdict.reason()).startsWith("task topic: drop 0.0500 against version 1, budget 0.0100 (manifest)");
    }

    @Test
    void whatWasNotMeasuredFailsButTakesNothingOut() {
        Gate quarantine = new Gate(0.1, false, new VerdictRules(Map.of(), null, FailedVersion.QUARANTINE));
        VersionVerdict verdict = VersionVerdict.of(quarantine, List.of(missing("tone", false), missing("topic", true)));

        assertThat(verdict.verdict()).isEqualTo(VerdictLevel.FAIL);
        assertThat(verdict.takesOut()).isFalse();
        assertThat(verdict.reason()).isEqualTo("no earlier task could be measured; 2 of 2 tasks could not be measured");

        Gate lenient = new Gate(0.1, true, VerdictRules.DEFAULT);
        assertThat(VersionVerdict.of(lenient, List.of(missing("tone", false), newest("topic")))
                        .verdict())
                .isEqualTo(VerdictLevel.WARN);
    }
}
