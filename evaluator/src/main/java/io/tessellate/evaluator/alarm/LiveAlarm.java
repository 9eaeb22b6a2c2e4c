package io.tessellate.evaluator.alarm;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.live.LiveScore;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.ViewRow;
import io.tessellate.id.TaskId;
import io.tessellate.text.NumberText;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether what a task answers scores lower than its eval split at the same version: the whole interval of the one lies below the
 * whole interval of the other, so that chance is a poor reason.
 */
public final class LiveAlarm {
    /** Of fewer answers nothing is said. */
    public static final long FEWEST = 30;

    private LiveAlarm() {}

    /** Whether a live score is lower; empty where nothing can be said, for want of labels or of a score of the eval split. */
    public static Optional<Boolean> lower(TaskId task, LiveScore live, MatrixRow row) {
        return held(task, live, row).map(interval -> live.interval().high() < interval.low());
    }

    /** The alert about one that is. */
    public static RaisedAlert alert(TaskId task, LiveScore live, MatrixRow row, Instant at) {
        ScoreInterval held = held(task, live, row).orElseThrow();
        double score = score(task, live, row).orElseThrow();
        String message = "version %d answers '%s' in the %s view with %s %s, %d labels, below %s on its eval split"
                .formatted(
                        live.version(),
                        task.task(),
                        live.view().label(),
                        live.metric(),
                        within(live.score(), live.interval()),
                        live.examples(),
                        within(score, held));
        String cause = "%s\n%s\n%d\n%s".formatted(task, live.view().label(), live.version(), at);
        return RaisedAlert.of(AlertKind.LIVE, false, task.model(), ErrorCode.LIVE_ACCURACY.name(), cause, message, at)
                .about(task.task())
                .ofVersion(live.version(), live.view())
                .numbers(live.score(), score);
    }

    private static String within(double score, ScoreInterval interval) {
        return "%s (%s to %s)"
                .formatted(
                        NumberText.fixed(score, 4),
                        NumberText.fixed(interval.low(), 4),
                        NumberText.fixed(interval.high(), 4));
    }

    private static Optional<ScoreInterval> held(TaskId task, LiveScore live, MatrixRow row) {
        ViewRow view = row.in(live.view());
        int column = row.tasks().indexOf(task.task());
        return live.examples() < FEWEST || column < 0 ? Optional.empty() : Optional.ofNullable(view.interval(column));
    }

    private static Optional<Double> score(TaskId task, LiveScore live, MatrixRow row) {
        return Optional.ofNullable(row.in(live.view()).scores().get(row.tasks().indexOf(task.task())));
    }
}
