package io.tessellate.registry.http;

import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.Author;
import org.jspecify.annotations.Nullable;

/**
 * What is said about one task of a model.
 *
 * @param task the task
 * @param body what the body says of it
 */
record TaskChoice(TaskName task, Body body) {
    /**
     * The body.
     *
     * @param run the run that is meant; null: the one that trains
     * @param why for the log
     */
    record Body(@Nullable String run, @Nullable String why) {}

    static TaskChoice of(Context context) {
        return new TaskChoice(new TaskName(context.pathParam("task")), ActBody.read(context, Body.class));
    }

    ModelLine cancel(Acts registry, ModelLine line, String who) {
        return registry.cancel(new TaskId(line.name(), task), run(line), author(who));
    }

    ModelLine drop(Acts registry, ModelLine line, String who) {
        if (body.run() != null) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "a task is dropped, whichever run trained it: leave run out");
        }
        return registry.drop(new TaskId(line.name(), task), author(who));
    }

    private RunId run(ModelLine line) {
        String named = body.run();
        if (named != null) {
            return new RunId(named);
        }
        return line.reservation(task)
                .map(Reservation::run)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK,
                        "task %s/%s is not being trained; one that waits is cancelled by its run, see /api/v1/tasks"
                                .formatted(line.name(), task)));
    }

    private Author author(String who) {
        String why = body.why();
        return new Author(who, why == null ? "" : why);
    }
}
