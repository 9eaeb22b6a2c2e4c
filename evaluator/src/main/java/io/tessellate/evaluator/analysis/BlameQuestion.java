package io.tessellate.evaluator.analysis;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import java.util.OptionalInt;

/**
 * What is asked.
 *
 * @param task whose drop it is about
 * @param version at which the union view is scored; the newest that holds the task if left out
 * @param scorings how often the eval split may be scored
 * @param author who asks, and why
 */
public record BlameQuestion(TaskId task, OptionalInt version, OptionalInt scorings, Author author) {
    public BlameQuestion {
        scorings.ifPresent(most -> {
            if (most < 1) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "scorings must be at least 1, not %d".formatted(most));
            }
        });
    }

    /** The version that is meant. */
    int versionOf(ModelLine line) {
        if (version.isPresent()) {
            return version.getAsInt();
        }
        for (int number = line.currentVersion(); number > 0; number--) {
            if (line.holding(number).of(task.task()).isPresent()) {
                return number;
            }
        }
        throw new TessellateException(
                ErrorCode.UNKNOWN_TASK,
                "model %s has learnt no task '%s'; it has %s"
                        .formatted(line.name(), task.task(), line.holding().taskNames()));
    }

    /** The commit whose head the version scores the task by. */
    CommittedVersion commitIn(ModelLine line, int number) {
        return line.holding(number).of(task.task()).orElseThrow(() -> unknown(line, number));
    }

    private TessellateException unknown(ModelLine line, int number) {
        TaskName name = task.task();
        String known = line.versionOf(name)
                .map(commit -> "; it was committed as version %d, %s: name a version that holds it"
                        .formatted(
                                commit.number(),
                                commit.number() > number ? "which is later" : "and was taken out since"))
                .orElse("");
        return new TessellateException(
                ErrorCode.UNKNOWN_TASK,
                "version %d of model %s holds no task '%s', only %s%s"
                        .formatted(
                                number, line.name(), name, line.holding(number).taskNames(), known));
    }
}
