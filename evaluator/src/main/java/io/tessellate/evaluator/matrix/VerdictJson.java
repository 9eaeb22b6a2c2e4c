package io.tessellate.evaluator.matrix;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.evaluator.verdict.TaskVerdict;
import io.tessellate.evaluator.verdict.VersionVerdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verdict in JSON.
 *
 * @param verdict PASS, WARN or FAIL
 * @param tasks the table that says why
 */
public record VerdictJson(
        String verdict, String reason, @Nullable Double significance, String failedVersions, List<Task> tasks) {
    /** Copies the list. */
    public VerdictJson {
        tasks = List.copyOf(tasks);
    }

    /** One earlier task: what it was held against, and what came of it. */
    public record Task(
            String task,
            String verdict,
            String reason,
            double budget,
            String budgetFrom,
            @Nullable Double drop,
            @Nullable Integer against,
            @Nullable String test,
            @Nullable Double p,
            @Nullable Double corrected,
            @Nullable Integer lost,
            @Nullable Integer won,
            long examples,
            @Nullable String untested) {
        static Task of(TaskVerdict task) {
            DropTest test = task.test();
            return new Task(
                    task.task().value(),
                    task.verdict().name(),
                    task.reason(),
                    task.budget(),
                    task.budgetFrom(),
                    task.drop(),
                    task.against(),
                    test == null ? null : test.method().label(),
                    test == null ? null : test.p(),
                    task.corrected(),
                    test == null ? null : test.lost(),
                    test == null ? null : test.won(),
                    task.examples(),
                    task.untested());
        }
    }

    static @Nullable VerdictJson of(@Nullable VersionVerdict verdict) {
        return verdict == null
                ? null
                : new VerdictJson(
                        verdict.verdict().name(),
                        verdict.reason(),
                        verdict.significance(),
                        verdict.failed().label(),
                        verdict.tasks().stream().map(Task::of).toList());
    }
}
