package io.tessellate.evaluator.view;

import io.tessellate.evaluator.view.TaskState.Problem;
import io.tessellate.event.EarlierDataGone;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.lineage.log.RaceCodec;
import io.tessellate.recipe.RaceResult;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was heard about one run of a task: its training, and what the registry made of its adapter. */
final class RunFacts {
    private static final String TRAIN = "train";

    private final LossCurve losses = new LossCurve();
    private @Nullable Instant started;
    private @Nullable Instant completed;
    private @Nullable Problem failure;
    private @Nullable Instant failed;
    private @Nullable Problem cancelled;
    private @Nullable TrainingProgress progress;
    private Optional<RaceResult> race = Optional.empty();
    private Instant heard = Instant.EPOCH;
    private final Map<String, Problem> leftOut = new LinkedHashMap<>();

    void apply(TrainingEvent event) {
        heard(event.getAt());
        if (event.getStarted() != null) {
            started = event.getAt();
            completed = null;
        } else if (event.getCompleted() != null) {
            completed(event.getCompleted(), event.getAt());
        } else if (event.getFailed() != null) {
            fail(event.getAt(), event.getFailed().getCode(), event.getFailed().getMessage());
        } else if (event.getEarlierDataGone() != null) {
            leaveOut(event.getEarlierDataGone());
        }
    }

    private void completed(TrainingCompleted event, Instant at) {
        completed = at;
        race = RaceCodec.fromAvro(event.getRace());
        event.getLeftOut().forEach(this::leaveOut);
    }

    private void leaveOut(EarlierDataGone gone) {
        leftOut.put(
                gone.getTask(),
                new Problem(
                        gone.getCode(), "%s is left out of replay: %s".formatted(gone.getTask(), gone.getReason())));
    }

    void apply(TrainingProgress event) {
        heard(event.getAt());
        if (progress == null || !event.getAt().isBefore(progress.getAt())) {
            progress = event;
            if (event.getPhase().equals(TRAIN)) {
                losses.add(event.getStep(), event.getLoss());
            }
        }
    }

    void fail(Instant at, String code, String message) {
        heard(at);
        failure = new Problem(code, message);
        failed = at;
    }

    /** Whatever is heard of it later: it is never committed. */
    void cancel(Instant at, Problem why) {
        heard(at);
        cancelled = why;
        failed = at;
    }

    private void heard(Instant at) {
        heard = at.isAfter(heard) ? at : heard;
    }

    /** When it was last heard of. */
    Instant heard() {
        return heard;
    }

    /** Earlier tasks it does without. */
    List<Problem> leftOut() {
        return List.copyOf(leftOut.values());
    }

    /** The loss of its training so far. */
    List<TaskStatus.Loss> losses() {
        return losses.points();
    }

    /** What the race for its recipe's open fields came to, once it was trained. */
    Optional<RaceResult> race() {
        return race;
    }

    /** When it failed for good, if it did and was not begun again since. */
    Optional<Instant> failed() {
        return isFailed() ? Optional.ofNullable(failed) : Optional.empty();
    }

    private boolean isFailed() {
        return cancelled != null || failed != null && !isAfter(started, failed) && !isAfter(progressAt(), failed);
    }

    /** How far it is; empty while nobody has begun it. */
    Optional<TaskState> state() {
        if (cancelled != null) {
            return Optional.of(new TaskState.Cancelled(cancelled));
        }
        Problem known = failure;
        if (known != null && isFailed()) {
            return Optional.of(new TaskState.Failed(known));
        }
        if (completed != null) {
            return Optional.of(new TaskState.Training("commit", 0, 0, null, null));
        }
        TrainingProgress now = progress;
        if (now != null && !isAfter(started, now.getAt())) {
            return Optional.of(training(now));
        }
        return started == null ? Optional.empty() : Optional.of(new TaskState.Training("start", 0, 0, null, null));
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
