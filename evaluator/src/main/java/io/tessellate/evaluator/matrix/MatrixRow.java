package io.tessellate.evaluator.matrix;

import io.tessellate.evaluator.verdict.VersionVerdict;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The complete measurement of one version.
 *
 * @param tasks tasks of the version in the order of their commits
 * @param metrics metric of each task
 * @param leftOut how many examples of each task were not scored; empty if that is not known
 * @param verdict whether the version may become champion; null in rows of earlier versions
 */
public record MatrixRow(
        ModelName model,
        int version,
        List<TaskName> tasks,
        List<String> metrics,
        ViewRow union,
        ViewRow task,
        Instant at,
        List<Integer> leftOut,
        @Nullable VersionVerdict verdict) {

    /** Copies the lists. */
    public MatrixRow {
        tasks = List.copyOf(tasks);
        metrics = List.copyOf(metrics);
        leftOut = List.copyOf(leftOut);
    }

    /** The row in one view. */
    public ViewRow in(View view) {
        return switch (view) {
            case UNION -> union;
            case TASK -> task;
        };
    }
}
