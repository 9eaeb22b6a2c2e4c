package io.tessellate.id;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Comparator;

/** A task of a model, written {@code model/task}. */
public record TaskId(ModelName model, TaskName task) implements Comparable<TaskId> {
    private static final Comparator<TaskId> ORDER =
            Comparator.comparing(TaskId::model).thenComparing(TaskId::task);

    /** The id of two plain names. */
    public static TaskId of(String model, String task) {
        return new TaskId(new ModelName(model), new TaskName(task));
    }

    /** Reads {@code model/task}. */
    public static TaskId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash != text.lastIndexOf('/')) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "task '%s' must be model/task".formatted(text));
        }
        return of(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(TaskId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return model + "/" + task;
    }
}
