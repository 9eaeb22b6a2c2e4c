package io.tessellate.evaluator.view;

import io.tessellate.evaluator.view.TaskState.Problem;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.TaskCounted;
import io.tessellate.event.TaskDuplicate;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TaskRejected;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What ingest said about a task's dataset, its newest attempt: one that was refused or whose run failed is followed by
 * another under the same name, and then only the newer counts.
 */
final class DatasetFacts {
    private static final int MOST_NOTES = 20;

    private final Set<Problem> notes = new LinkedHashSet<>();
    private List<TaskStatus.Reason> reasons = List.of();
    private Counts counts = Counts.NONE;
    private long waiting;
    private long deadAtClose;
    private @Nullable RunId run;
    private @Nullable Problem refusal;
    private @Nullable Instant refusedAt;
    private @Nullable TaskName duplicateOf;
    /** When the dataset of a later attempt was accepted: what was said of its run before is about an earlier attempt. */
    private @Nullable Instant acceptedAgain;

    private int attempts;
    private boolean heard;

    void apply(TaskEvent event) {
        heard = true;
        if (event.getOpened() != null) {
            begin();
        } else if (event.getReady() != null) {
            ready(event.getReady(), event.getAt());
        } else if (event.getRejected() != null) {
            rejected(event.getRejected(), event.getAt());
        } else if (event.getDuplicate() != null) {
            duplicate(event.getDuplicate());
        } else if (event.getCounted() != null) {
            counted(event.getCounted());
        } else if (event.getNoted() != null) {
            note(event.getNoted().getCode(), event.getNoted().getMessage());
        }
    }

    /** Forgets the attempt before. */
    private void begin() {
        attempts++;
        acceptedAgain = null;
        notes.clear();
        reasons = List.of();
        counts = Counts.NONE;
        waiting = 0;
        deadAtClose = 0;
        run = null;
        refusal = null;
        refusedAt = null;
        duplicateOf = null;
    }

    private void ready(TaskReady ready, Instant at) {
        acceptedAgain = run != null || attempts > 1 ? at : null;
        run = new RunId(ready.getRunId());
        forgetRefusal();
        duplicateOf = null;
        closed(ready.getCounts());
    }

    private void rejected(TaskRejected rejected, Instant at) {
        refusal = new Problem(rejected.getCode(), rejected.getMessage());
        refusedAt = at;
        reasons = rejected.getReasons().stream()
                .map(reason -> new TaskStatus.Reason(reason.getCode(), reason.getCount(), reason.getExample()))
                .toList();
        if (run == null) {
            closed(rejected.getCounts());
        }
    }

    private void duplicate(TaskDuplicate duplicate) {
        if (run == null) {
            forgetRefusal();
            duplicateOf = new TaskName(duplicate.getDuplicateOf());
            closed(duplicate.getCounts());
        }
    }

    /**
     * A record that is judged after a refusal begins the next attempt. Those that wait for another manifest take nothing back: a
     * manifest may be refused before the records come that it is about.
     */
    private void counted(TaskCounted counted) {
        if (run == null && counted.getCounts().getRead() > 0) {
            forgetRefusal();
        }
        count(counted.getCounts());
        waiting = counted.getWaiting();
    }

    private void forgetRefusal() {
        refusal = null;
        refusedAt = null;
        reasons = List.of();
    }

    private void note(String code, String message) {
        if (notes.size() < MOST_NOTES) {
            notes.add(new Problem(code, message));
        }
    }

    private void closed(@Nullable RecordCounts read) {
        if (read != null) {
            count(read);
            deadAtClose = counts.deadLettered();
            waiting = 0;
        }
    }

    private void count(RecordCounts read) {
        counts = new Counts(read.getRead(), read.getAccepted(), read.getDeadLettered(), read.getDuplicates());
    }

    /** Whether ingest has said anything about it. */
    boolean heard() {
        return heard;
    }

    Counts counts() {
        return counts;
    }

    /** Records kept until a manifest says how to read them. */
    long waiting() {
        return waiting;
    }

    /** Records put aside because they came after the close. */
    long late() {
        return isClosed() ? Math.max(0, counts.deadLettered() - deadAtClose) : 0;
    }

    private boolean isClosed() {
        return run != null || duplicateOf != null;
    }

    @Nullable
    RunId run() {
        return run;
    }

    @Nullable
    Instant acceptedAgain() {
        return acceptedAgain;
    }

    @Nullable
    Problem refusal() {
        return refusal;
    }

    @Nullable
    Instant refusedAt() {
        return refusedAt;
    }

    @Nullable
    TaskName duplicateOf() {
        return duplicateOf;
    }

    List<TaskStatus.Reason> reasons() {
        return reasons;
    }

    List<Problem> notes() {
        return List.copyOf(notes);
    }
}
