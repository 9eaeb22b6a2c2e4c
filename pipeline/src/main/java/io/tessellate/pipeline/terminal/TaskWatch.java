package io.tessellate.pipeline.terminal;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.id.TaskId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Follows tasks and shows how far they are: phase, step of how many, loss, estimated time left. */
public final class TaskWatch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PLAIN_LINE_EVERY = Duration.ofSeconds(5);

    private final PipelineLogs logs;
    private final Terminal terminal;
    private final Map<TaskId, String> shown = new HashMap<>();
    private long lastPlainLine;

    /** A watch that writes to a terminal. */
    public TaskWatch(PipelineLogs logs, Terminal terminal) {
        this.logs = logs;
        this.terminal = terminal;
    }

    /**
     * Waits until every one of the tasks satisfies a condition, or one of them has failed for good.
     *
     * @return the tasks as they are then
     */
    public List<TaskStatus> await(List<TaskId> tasks, Predicate<TaskState> condition) {
        while (true) {
            List<TaskStatus> now = tasks.stream()
                    .map(logs.tasks()::task)
                    .flatMap(Optional::stream)
                    .toList();
            now.forEach(this::show);
            boolean failed = now.stream().anyMatch(status -> status.state().problem() != null);
            boolean done =
                    now.size() == tasks.size() && now.stream().allMatch(status -> condition.test(status.state()));
            if (failed || done) {
                return now;
            }
            pause();
        }
    }

    /** The failure of a task as an exception, if it has failed. */
    public static void requireSound(TaskStatus status) {
        TaskState.Problem problem = status.state().problem();
        if (problem != null) {
            throw new TessellateException(
                    code(problem.code()),
                    "%s %s: %s".formatted(status.id(), status.state().label(), problem.message()));
        }
    }

    private static ErrorCode code(String name) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return ErrorCode.DEFECT;
    }

    private void show(TaskStatus status) {
        String stage = stage(status.state());
        boolean moved = !stage.equals(shown.put(status.id(), stage));
        String line = "%s  %s".formatted(status.id(), describe(status));
        if (moved) {
            terminal.line(line);
            lastPlainLine = System.nanoTime();
        } else if (status.state() instanceof TaskState.Training) {
            progress(line);
        }
    }

    private void progress(String line) {
        if (terminal.overwrites()) {
            terminal.live(line);
        } else if (System.nanoTime() - lastPlainLine > PLAIN_LINE_EVERY.toNanos()) {
            terminal.line(line);
            lastPlainLine = System.nanoTime();
        }
    }

    /** What a plain line is written for: the state and, while training, its phase. */
    private static String stage(TaskState state) {
        return state instanceof TaskState.Training training ? "training " + training.phase() : state.label();
    }

    private static String describe(TaskStatus status) {
        TaskState state = status.state();
        if (state instanceof TaskState.Training training) {
            return training(training);
        }
        if (state instanceof TaskState.Committed committed) {
            return "committed as version %d, measuring".formatted(committed.version());
        }
        if (state instanceof TaskState.Evaluated evaluated) {
            return "version %d measured in both views".formatted(evaluated.version());
        }
        TaskState.Problem problem = state.problem();
        String label = state.label().toLowerCase(Locale.ROOT);
        if (problem != null) {
            return "%s: %s: %s".formatted(label, problem.code(), problem.message());
        }
        return status.counts().accepted() == 0
                ? label
                : "%s, %d records accepted".formatted(label, status.counts().accepted());
    }

    private static String training(TaskState.Training training) {
        StringBuilder text = new StringBuilder(training.phase());
        if (training.steps() > 0) {
            text.append(" step %d of %d".formatted(training.step(), training.steps()));
        }
        if (training.loss() != null) {
            text.append(String.format(Locale.ROOT, ", loss %.3f", training.loss()));
        }
        if (training.secondsLeft() != null) {
            text.append(String.format(Locale.ROOT, ", %.0f s left", training.secondsLeft()));
        }
        return text.toString();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "waiting for tasks was interrupted", e);
        }
    }
}
