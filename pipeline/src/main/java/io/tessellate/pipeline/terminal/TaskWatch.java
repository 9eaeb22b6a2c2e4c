package io.tessellate.pipeline.terminal;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.id.TaskId;
import io.tessellate.text.NumberText;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Follows tasks and shows how far they are: phase, step of how many, loss, estimated time left. */
public final class TaskWatch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PLAIN_LINE_EVERY = Duration.ofSeconds(5);

    private final PipelineLogs logs;
    private final Terminal terminal;
    private final Map<TaskId, String> shown = new HashMap<>();
    private final Set<String> noted = new HashSet<>();
    private final Map<TaskId, Instant> knownProblems = new HashMap<>();
    private volatile String newest = "nothing was heard of it yet";
    private long lastPlainLine;

    /** A watch that writes to a terminal. */
    public TaskWatch(PipelineLogs logs, Terminal terminal) {
        this.logs = logs;
        this.terminal = terminal;
    }

    /** What is known of a task before it is tried again: its failure of then is not waited for. */
    public void isKnown(TaskStatus before) {
        Instant at = before.problemAt();
        if (at != null) {
            knownProblems.put(before.id(), at);
        }
    }

    /**
     * Waits until every one of the tasks satisfies a condition, or one of them has failed for good or is held up until a
     * person does something.
     *
     * @return the tasks as they are then
     */
    public List<TaskStatus> await(List<TaskId> tasks, Predicate<TaskState> condition) {
        while (true) {
            List<TaskStatus> now = tasks.stream()
                    .map(logs.tasks()::task)
                    .flatMap(Optional::stream)
                    .filter(this::isNews)
                    .toList();
            now.forEach(this::show);
            boolean failed = now.stream().anyMatch(status -> problem(status) != null);
            boolean done =
                    now.size() == tasks.size() && now.stream().allMatch(status -> condition.test(status.state()));
            if (failed || done) {
                return now;
            }
            pause();
        }
    }

    private boolean isNews(TaskStatus status) {
        Instant at = status.problemAt();
        return at == null || !at.equals(knownProblems.get(status.id()));
    }

    /** How far the task is that moved last, in a few words. */
    public String newest() {
        return newest;
    }

    /** The failure of a task as an exception, if it has failed, cannot be measured, or waits for a person. */
    public static void requireSound(TaskStatus status) {
        TaskState.Problem problem = problem(status);
        if (problem != null) {
            throw new TessellateException(
                    code(problem.code()),
                    "%s %s: %s%s".formatted(status.id(), status.state().label(), problem.message(), reasons(status)));
        }
    }

    private static TaskState.@Nullable Problem problem(TaskStatus status) {
        TaskState.Problem problem = status.state().problem();
        if (problem != null) {
            return problem;
        }
        if (status.state().isFinal() && !status.remarks().unmeasured().isEmpty()) {
            return status.remarks().unmeasured().get(0);
        }
        return status.remarks().hold();
    }

    /** The kinds of bad records with an example each, where that is why. */
    private static String reasons(TaskStatus status) {
        return status.remarks().reasons().stream()
                .map(reason -> "\n  %d x %s, the first: %s".formatted(reason.count(), reason.code(), reason.example()))
                .collect(Collectors.joining());
    }

    private static ErrorCode code(String name) {
        return ErrorCode.named(name).orElse(ErrorCode.DEFECT);
    }

    private void show(TaskStatus status) {
        status.remarks().notes().stream()
                .filter(note -> noted.add(status.id() + note.message()))
                .forEach(note -> terminal.line("%s  %s: %s".formatted(status.id(), note.code(), note.message())));
        String stage = stage(status.state());
        boolean moved = !stage.equals(shown.put(status.id(), stage));
        String line = "%s  %s".formatted(status.id(), describe(status));
        newest = line;
        if (moved) {
            terminal.line(line);
            lastPlainLine = System.nanoTime();
        } else if (status.state() instanceof TaskState.Training || status.state() instanceof TaskState.Arriving) {
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
            return status.remarks().unmeasured().isEmpty()
                    ? "version %d measured in both views".formatted(evaluated.version())
                    : "version %d could not be measured".formatted(evaluated.version());
        }
        TaskState.Problem problem = state.problem();
        String label = state.label().toLowerCase(Locale.ROOT);
        if (problem != null) {
            return "%s: %s: %s".formatted(label, problem.code(), problem.message());
        }
        TaskState.Problem hold = status.remarks().hold();
        return label + counts(status) + (hold == null ? "" : ": %s: %s".formatted(hold.code(), hold.message()));
    }

    private static String counts(TaskStatus status) {
        StringBuilder text = new StringBuilder();
        if (status.counts().accepted() > 0) {
            text.append(", %d records accepted".formatted(status.counts().accepted()));
        }
        if (status.counts().deadLettered() > 0) {
            text.append(", %d put aside".formatted(status.counts().deadLettered()));
        }
        if (status.remarks().waiting() > 0) {
            text.append(", %d wait for a manifest".formatted(status.remarks().waiting()));
        }
        return text.toString();
    }

    private static String training(TaskState.Training training) {
        StringBuilder text = new StringBuilder(training.phase());
        if (training.steps() > 0) {
            text.append(" step %d of %d".formatted(training.step(), training.steps()));
        }
        if (training.loss() != null) {
            text.append(", loss " + NumberText.fixed(training.loss(), 3));
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
