package io.tessellate.evaluator.view;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.view.TaskState.Problem;
import io.tessellate.event.AdapterRejected;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was heard about one task, topic by topic. The topics are read independently of each other, so the state is
 * derived from all facts together and never from the order in which two topics happened to be read.
 */
final class TaskFacts {
    /** Refusals after which the worker trains again or another worker already does. */
    private static final Set<String> RETRIED =
            Set.of(ErrorCode.FENCED.name(), ErrorCode.OVERLAP.name(), ErrorCode.STALE_PARENT.name());

    private final TaskId id;
    private Instant firstSeen;
    private Instant updated;
    private Counts counts = Counts.NONE;
    private @Nullable RunId run;
    private @Nullable Problem refusal;
    private @Nullable TaskName duplicateOf;
    private @Nullable Instant started;
    private @Nullable Instant completed;
    private @Nullable Problem failure;
    private @Nullable Instant failed;
    private @Nullable TrainingProgress progress;
    private @Nullable Integer version;
    private boolean evaluated;

    TaskFacts(TaskId id, Instant at) {
        this.id = id;
        this.firstSeen = at;
        this.updated = at;
    }

    private void heard(Instant at) {
        firstSeen = at.isBefore(firstSeen) ? at : firstSeen;
        updated = at.isAfter(updated) ? at : updated;
    }

    void apply(TaskEvent event) {
        heard(event.getAt());
        if (event.getReady() != null) {
            ready(event.getReady());
        } else if (event.getRejected() != null) {
            refusal = new Problem(
                    event.getRejected().getCode(), event.getRejected().getMessage());
            count(event.getRejected().getCounts());
        } else if (event.getDuplicate() != null && run == null) {
            duplicateOf = new TaskName(event.getDuplicate().getDuplicateOf());
            count(event.getDuplicate().getCounts());
        }
    }

    private void ready(TaskReady ready) {
        run = new RunId(ready.getRunId());
        refusal = null;
        duplicateOf = null;
        count(ready.getCounts());
    }

    private void count(@Nullable RecordCounts read) {
        if (read != null) {
            counts = new Counts(read.getRead(), read.getAccepted(), read.getDeadLettered(), read.getDuplicates());
        }
    }

    void apply(TrainingEvent event) {
        heard(event.getAt());
        if (event.getStarted() != null) {
            started = event.getAt();
            completed = null;
        } else if (event.getCompleted() != null) {
            completed = event.getAt();
        } else if (event.getFailed() != null) {
            fail(event.getAt(), event.getFailed().getCode(), event.getFailed().getMessage());
        }
    }

    void apply(TrainingProgress event) {
        heard(event.getAt());
        if (progress == null || !event.getAt().isBefore(progress.getAt())) {
            progress = event;
        }
    }

    void reject(AdapterRejected rejected, Instant at) {
        heard(at);
        if (!RETRIED.contains(rejected.getCode())) {
            fail(at, rejected.getCode(), rejected.getMessage());
        }
    }

    private void fail(Instant at, String code, String message) {
        failure = new Problem(code, message);
        failed = at;
    }

    void commit(int number, Instant at) {
        heard(at);
        version = number;
    }

    void evaluate(int number, Instant at) {
        heard(at);
        version = number;
        evaluated = true;
    }

    TaskStatus status() {
        return new TaskStatus(id, state(), version, counts, run, firstSeen, updated);
    }

    private TaskState state() {
        if (version != null) {
            return evaluated ? new TaskState.Evaluated(version) : new TaskState.Committed(version);
        }
        if (refusal != null) {
            return new TaskState.Rejected(refusal);
        }
        if (duplicateOf != null) {
            return new TaskState.Duplicate(duplicateOf);
        }
        return failure != null && !isAfter(started, failed) && !isAfter(progressAt(), failed)
                ? new TaskState.Failed(failure)
                : unfinished();
    }

    private TaskState unfinished() {
        if (completed != null) {
            return new TaskState.Training("commit", 0, 0, null, null);
        }
        if (progress != null && !isAfter(started, progress.getAt())) {
            return training(progress);
        }
        if (started != null) {
            return new TaskState.Training("start", 0, 0, null, null);
        }
        return run == null ? new TaskState.Arriving() : new TaskState.Ready();
    }

    private static TaskState training(TrainingProgress now) {
        return new TaskState.Training(
                now.getPhase(), now.getStep(), now.getSteps(), finite(now.getLoss()), finite(now.getSecondsLeft()));
    }

    private @Nullable Instant progressAt() {
        return progress == null ? null : progress.getAt();
    }

    private static boolean isAfter(@Nullable Instant one, @Nullable Instant other) {
        return one != null && (other == null || one.isAfter(other));
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
