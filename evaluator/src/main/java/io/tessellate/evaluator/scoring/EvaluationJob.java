package io.tessellate.evaluator.scoring;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.EvaluateTask;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import java.time.Instant;

/**
 * A task that is to be scored at a version, in both views.
 *
 * @param task of the version's model
 */
record EvaluationJob(int version, TaskId task) {
    /** Refuses what is no version. */
    EvaluationJob {
        if (version < 1) {
            throw new TessellateException(
                    ErrorCode.INVALID_FIELD, "version %d of %s must be at least 1".formatted(version, task.model()));
        }
    }

    static EvaluationJob of(EvaluateTask event) {
        return new EvaluationJob(
                event.getVersion(), new TaskId(new ModelName(event.getModel()), new TaskName(event.getTask())));
    }

    EvaluateTask event(Instant at) {
        return EvaluateTask.newBuilder()
                .setModel(task.model().value())
                .setVersion(version)
                .setTask(task.task().value())
                .setAt(at)
                .build();
    }

    @Override
    public String toString() {
        return "%s at version %d".formatted(task, version);
    }
}
