package io.tessellate.evaluator.verdict;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.text.NumberText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a version may become champion, and why.
 *
 * @param verdict the worst of its tasks
 * @param reason in words
 * @param significance largest corrected p with which a drop over its budget was held to be real; null: every one was
 * @param failed what becomes of the adapter of a failed version
 * @param tasks one entry for every task that was there before the version, and for whatever was not measured
 */
public record VersionVerdict(
        VerdictLevel verdict,
        String reason,
        @Nullable Double significance,
        FailedVersion failed,
        List<TaskVerdict> tasks) {
    public VersionVerdict {
        tasks = List.copyOf(tasks);
    }

    /** The verdict on a version of these tasks. */
    public static VersionVerdict of(Gate gate, List<TaskCase> cases) {
        List<Double> tested = cases.stream()
                .map(TaskCase::test)
                .filter(Objects::nonNull)
                .map(DropTest::p)
                .toList();
        List<Double> corrected = new ArrayList<>(DropTest.holm(tested));
        List<TaskVerdict> tasks = new ArrayList<>();
        for (TaskCase each : cases) {
            Double p = each.test() == null ? null : corrected.remove(0);
            if (!each.newest() || each.missing() != null) {
                tasks.add(each.judged(gate, p));
            }
        }
        VerdictLevel level = tasks.stream().map(TaskVerdict::verdict).reduce(VerdictLevel.PASS, VerdictLevel::and);
        return new VersionVerdict(
                level,
                reason(tasks) + without(cases),
                gate.rules().significance(),
                gate.rules().failed(),
                tasks);
    }

    private static String without(List<TaskCase> cases) {
        long missing = cases.stream().filter(each -> each.missing() != null).count();
        return missing == 0 ? "" : "; %d of %d tasks could not be measured".formatted(missing, cases.size());
    }

    private static String reason(List<TaskVerdict> tasks) {
        Optional<TaskVerdict> worst = tasks.stream()
                .filter(task -> task.drop() != null)
                .max(Comparator.comparing(TaskVerdict::verdict).thenComparing(task -> drop(task)));
        if (worst.isEmpty()) {
            return tasks.isEmpty()
                    ? "the first version has no earlier task to forget"
                    : "no earlier task could be measured";
        }
        return worst.get().verdict() == VerdictLevel.PASS
                ? "largest drop %s, of task %s, is within the budget of %s"
                        .formatted(
                                NumberText.fixed(drop(worst.get()), 4),
                                worst.get().task(),
                                NumberText.fixed(worst.get().budget(), 4))
                : "task %s: %s".formatted(worst.get().task(), worst.get().reason());
    }

    private static double drop(TaskVerdict task) {
        return Objects.requireNonNull(task.drop());
    }

    /** Whether the version failed by what was measured, and its adapter stays out of every later one. */
    public boolean takesOut() {
        return failed == FailedVersion.QUARANTINE
                && tasks.stream().anyMatch(task -> task.verdict() == VerdictLevel.FAIL && task.drop() != null);
    }
}
