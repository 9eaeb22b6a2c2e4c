package io.tessellate.evaluator.view;

import io.tessellate.id.TaskName;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far a task has come. */
public sealed interface TaskState {
    /** Whether nothing more will happen to the task by itself. */
    default boolean isFinal() {
        return false;
    }

    /** The state's name as the command line and the dashboard show it. */
    default String label() {
        return getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** What went wrong, if anything. */
    default @Nullable Problem problem() {
        return null;
    }

    /**
     * A code of the error table with its reason.
     *
     * @param code code from the error table
     * @param message the reason, with the numbers
     */
    record Problem(String code, String message) {}

    /** Records come in; the dataset is not closed. */
    record Arriving() implements TaskState {}

    /** The dataset was refused. */
    record Rejected(Problem problem) implements TaskState {
        @Override
        public boolean isFinal() {
            return true;
        }
    }

    /** The dataset is known already; the result of {@code of} stands. */
    record Duplicate(TaskName of) implements TaskState {
        @Override
        public boolean isFinal() {
            return true;
        }
    }

    /** Closed and sound, waiting for a worker. */
    record Ready() implements TaskState {}

    /**
     * A worker is at it.
     *
     * @param phase what the worker does: start, calibrate, train, evaluate or commit
     * @param step steps done in this phase
     * @param steps steps of this phase; 0 when not known
     * @param loss smoothed training loss, once there is one
     * @param secondsLeft estimated seconds to the end of the phase, once there is an estimate
     */
    record Training(
            String phase,
            long step,
            long steps,
            @Nullable Double loss,
            @Nullable Double secondsLeft) implements TaskState {
        /** Share of the phase that is done, 0 to 1. */
        public double share() {
            return steps <= 0 ? 0 : Math.min(1, (double) step / steps);
        }
    }

    /** The adapter is part of a version that is not measured yet. */
    record Committed(int version) implements TaskState {}

    /** The version that brought the task is measured in both views. */
    record Evaluated(int version) implements TaskState {
        @Override
        public boolean isFinal() {
            return true;
        }
    }

    /** A person ended the run. */
    record Cancelled(Problem problem) implements TaskState {
        @Override
        public boolean isFinal() {
            return true;
        }
    }

    /** A person took its adapter out of the versions to come. */
    record Dropped(Problem problem) implements TaskState {
        @Override
        public boolean isFinal() {
            return true;
        }
    }

    /** The run ended without an adapter, or its adapter was refused. */
    record Failed(Problem problem) implements TaskState {
        @Override
        public boolean isFinal() {
            return true;
        }
    }
}
