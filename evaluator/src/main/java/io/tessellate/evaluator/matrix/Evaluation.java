package io.tessellate.evaluator.matrix;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.time.Instant;
import java.util.List;

/**
 * One task scored at one version in one view.
 *
 * @param versionTasks tasks of the version in the order of their commits
 * @param predictions digest over the predictions in order; equal digests mean identical predictions
 * @param hits the file with the prediction of every example
 */
public record Evaluation(
        ModelName model,
        int version,
        List<TaskName> versionTasks,
        TaskName task,
        View view,
        String metric,
        double score,
        long examples,
        Sha256 predictions,
        Hits hits,
        Instant at) {

    /** Where the predictions lie. */
    public record Hits(String name, Sha256 sha256, long bytes) {}

    /** Refuses what cannot be a cell of a matrix. */
    public Evaluation {
        versionTasks = List.copyOf(versionTasks);
        if (version < 1) {
            throw invalid("version %d of %s must be at least 1".formatted(version, model));
        }
        if (versionTasks.size() != version) {
            throw invalid("version %d of %s must have as many tasks, not %s".formatted(version, model, versionTasks));
        }
        if (!versionTasks.contains(task)) {
            throw invalid("task '%s' is none of version %d's tasks %s".formatted(task, version, versionTasks));
        }
        if (!Double.isFinite(score)) {
            throw invalid("score %s of %s/%s must be finite".formatted(score, model, task));
        }
    }

    private static TessellateException invalid(String message) {
        return new TessellateException(ErrorCode.INVALID_FIELD, message);
    }
}
