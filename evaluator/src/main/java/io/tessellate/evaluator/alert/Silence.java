package io.tessellate.evaluator.alert;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Alerts that are not sent for a time. They are raised and shown all the same.
 *
 * @param id names it
 * @param scope which alerts
 * @param from when it began
 * @param until when it ends, or was ended
 */
public record Silence(String id, Scope scope, Instant from, Instant until, String who, String why) {
    /** No longer than its event is kept. */
    static final Duration LONGEST = Duration.ofDays(90);

    /** Which alerts; what is null matches all. */
    public record Scope(
            @Nullable ModelName model,
            @Nullable TaskName task,
            @Nullable AlertKind kind) {
        /** A task is one of a model. */
        public Scope {
            if (task != null && model == null) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT, "task '%s' needs its model beside it".formatted(task));
            }
        }

        boolean covers(RaisedAlert alert) {
            return (model == null || model.equals(alert.model()))
                    && (task == null || task.equals(alert.task()))
                    && (kind == null || kind == alert.kind());
        }

        /** In words. */
        public String text() {
            String about = model == null ? "all models" : task == null ? model.value() : model + "/" + task;
            return kind == null ? about : about + ", " + kind.label();
        }
    }

    /** The time of a silence; refuses one that ends at once, or later than its event is kept. */
    static Duration required(Duration length) {
        if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a silence lasts longer than nothing and at most %d days, not %s"
                            .formatted(LONGEST.toDays(), length));
        }
        return length;
    }

    boolean holds(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(until);
    }

    /** Whether it keeps an alert from being sent: one raised while it lasted, or one that is still to be sent while it lasts. */
    boolean keeps(RaisedAlert alert, Instant now) {
        return scope.covers(alert) && (holds(alert.at()) || holds(now));
    }

    Silence endingAt(Instant end) {
        return end.isBefore(until) ? new Silence(id, scope, from, end, who, why) : this;
    }
}
