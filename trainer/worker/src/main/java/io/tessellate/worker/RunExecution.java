package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.kafka.work.Waiting;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run from its dataset to the registry's verdict: reserve, train, store the adapter, publish with the consumed
 * offset, wait for the verdict. An adapter that lost a race is trained again on the newer version; one that is refused without a
 * race has failed.
 */
final class RunExecution implements RetriedRun.Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(RunExecution.class);

    /** Refusals that training again on a newer version can mend. */
    private static final Set<ErrorCode> LOST_RACES = Set.of(ErrorCode.OVERLAP, ErrorCode.STALE_PARENT);

    private static final String TRAIN = "train";
    private static final String REMEDY =
            "push the task again with a smaller batchSize or maxLength, or after giving the"
                    + " process more memory (TESSELLATE_HEAP)";

    private final RunResources resources;
    private final ClosedDataset dataset;
    private final NextWorker next;
    private final TaskId task;
    private final RunId run;
    private final RunEvents events;
    private final RunDirectory directory;
    private final StoppableRun stoppable;
    private final Cancellation cancellation;
    private final Waiting waiting;
    private @Nullable Long token;
    private int parentVersion;

    RunExecution(RunResources resources, TaskEvent event, StoppableRun stoppable, Waiting waiting) {
        this.resources = resources;
        this.stoppable = stoppable;
        this.dataset = stoppable.dataset();
        this.next = new NextWorker(resources.log(), event);
        this.task = dataset.task();
        this.run = dataset.run();
        this.events = new RunEvents(dataset, resources.clock());
        this.directory = RunDirectory.of(resources.settings().data(), run);
        this.cancellation = stoppable.cancellation();
        this.waiting = waiting;
    }

    /**
     * Runs to the verdict.
     *
     * @throws TessellateException stopped if the worker stops or a person cancels the run, retriable if something was away; the offset is then
     *     not committed and the run begins again from its checkpoint
     */
    @Override
    public void execute() {
        try {
            if (resources.registry().model(task.model()).versionOf(run).isPresent()) {
                LOG.info("run {} was committed before", run);
                stoppable.publication().skip();
            } else {
                Optional<TessellateException> before = next.refusedHere();
                if (before.isPresent()) {
                    // Whoever says last that nobody has the memory frees what the one before reserved.
                    token = resources
                            .registry()
                            .model(task.model())
                            .reservation(run)
                            .map(Reservation::token)
                            .orElse(null);
                    throw before.get();
                }
                trainUntilDecided();
            }
            directory.delete();
        } catch (RetriableException | StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            if (e.code() == ErrorCode.NOT_ENOUGH_MEMORY) {
                sendOn(e);
            } else {
                fail(e.code(), String.valueOf(e.getMessage()));
            }
        }
    }

    /** A worker with more memory may take it; nobody has to push it again. */
    private void sendOn(TessellateException refusal) {
        Optional<String> all = stoppable.publication().sendOn(next, refusal);
        if (all.isPresent()) {
            fail(refusal.code(), all.get());
        } else {
            directory.delete();
        }
    }

    @Override
    public void fail(ErrorCode code, String message) {
        LOG.warn("run {} failed: {} {}", run, code, message);
        stoppable.publication().publish(events.failed(code, RetriedRun.shortened(message), token));
        directory.delete();
    }

    private void trainUntilDecided() {
        Recipe recipe = resources.engine().settled(Recipe.of(dataset.manifest().recipe()));
        Optional<RegistryEvent.AdapterRejected> refusal = trainOnce(recipe);
        while (refusal.isPresent() && lostRace(refusal.get())) {
            LOG.info("run {} is trained again: {}", run, refusal.get().message());
            directory.delete();
            refusal = trainOnce(recipe);
        }
        refusal.ifPresent(this::accept);
    }

    /** Trained again on the same version, a run comes to the same weights, which are refused again. */
    private boolean lostRace(RegistryEvent.AdapterRejected refusal) {
        return LOST_RACES.contains(refusal.code())
                && resources.registry().model(task.model()).parent() != parentVersion;
    }

    /** A refusal that is usually mended by training again is the end only if that is said. */
    private void accept(RegistryEvent.AdapterRejected refusal) {
        if (LOST_RACES.contains(refusal.code())) {
            fail(
                    refusal.code(),
                    "%s, and trained again it would be the same ones: take a method that looks for free weights,"
                                    .formatted(refusal.message())
                            + " or a model with shared ownership");
        } else {
            LOG.warn("run {} was refused: {}", run, refusal.message());
        }
    }

    private Optional<RegistryEvent.AdapterRejected> trainOnce(Recipe recipe) {
        ModelLine now = resources.registry().model(task.model());
        double share = turn("load", () -> resources.engine().share(now, recipe));
        Reservation reservation = resources
                .registry()
                .reserve(task, run, RequestedWeights.request(recipe, share, parallelFrom(recipe)), cancellation);
        token = reservation.token();
        parentVersion = reservation.parentVersion();
        ModelLine line = resources.registry().model(task.model());
        var plan = new TrainingEngine.Run(dataset, recipe, line, reservation, directory.checkpoints());
        Instant begin = resources.clock().instant();
        var trained = turn(TRAIN, () -> resources.engine().train(plan, watch(reservation), cancellation));
        Blob blob = resources.blobs().put(run + ".safetensors", trained.file());
        Duration took = Duration.between(begin, resources.clock().instant());
        stoppable
                .publication()
                .publish(events.completed(
                        plan, trained, blob, took, resources.engine().environment(recipe)));
        trained.race().ifPresent(race -> LOG.info("run {} chose {}", run, race.text()));
        LOG.info("run {} trained {} weights in {} steps", run, trained.owned(), trained.steps());
        return verdict(reservation.token());
    }

    /** Works with the engine; what ends the process each time is not begun for ever. Waiting for the turn is no start. */
    private <T> T turn(String stage, Supplier<T> work) {
        return resources
                .turns()
                .take(
                        cancellation,
                        () -> directory.starts(stage).call("run %s of %s".formatted(run, task), REMEDY, work));
    }

    /** What is trained and published is not trained again because the registry takes its time, nor given up: the registry decides. */
    private Optional<RegistryEvent.AdapterRejected> verdict(long published) {
        Optional<RegistryEvent.AdapterRejected> verdict = new Retry(
                        Backoff.endless(),
                        stoppable.worker(),
                        failure -> waiting.waitsFor(failure.code(), String.valueOf(failure.getMessage())))
                .call(() -> resources.registry().verdict(task, run, published, stoppable.worker()));
        waiting.goesOn();
        return verdict;
    }

    private TrainingEngine.RunWatch watch(Reservation reservation) {
        int attempt = directory.beginAttempt();
        return new Watch(attempt, reservation.parentVersion());
    }

    /** A parallel task keeps the version it was reserved on; one that lost a race has none and takes the newest. */
    private OptionalInt parallelFrom(Recipe recipe) {
        if (!recipe.parallel()) {
            return OptionalInt.empty();
        }
        ModelLine line = resources.registry().model(task.model());
        return OptionalInt.of(
                line.reservation(run).map(Reservation::parentVersion).orElse(line.parent()));
    }

    private final class Watch implements TrainingEngine.RunWatch {
        private static final Duration PAUSE = Duration.ofMillis(250);

        private final int attempt;
        private final int parentVersion;
        private final Map<String, Long> farthest = new HashMap<>();
        private boolean cameFurther;
        private Instant next = Instant.MIN;

        Watch(int attempt, int parentVersion) {
            this.attempt = attempt;
            this.parentVersion = parentVersion;
        }

        @Override
        public void begins(long resumedAtStep) {
            LOG.info("run {} attempt {} on version {} at step {}", run, attempt, parentVersion, resumedAtStep);
            waiting.goesOn();
            resources.log().write(events.started(attempt, resumedAtStep, parentVersion));
        }

        @Override
        public void leavesOut(EarlierTasks.LeftOut earlier) {
            LOG.warn("run {} goes on without {}: {}", run, earlier.task(), earlier.reason());
            if (!directory.hasSaid(earlier.task())) {
                resources.log().write(events.earlierDataGone(earlier));
                directory.said(earlier.task());
            }
        }

        @Override
        public void progress(String phase, long step, long steps, double loss, double secondsLeft) {
            remember(phase, step);
            Instant now = resources.clock().instant();
            if (step == steps || now.isAfter(next)) {
                next = now.plus(PAUSE);
                resources.log().progress(events.progress(phase, step, steps, loss, secondsLeft));
            }
        }

        /** A step beyond those of all attempts before is progress: whatever ends the process next did not do so each time. */
        private void remember(String phase, long step) {
            if (step > farthest.computeIfAbsent(phase, directory::farthest)) {
                directory.reached(phase, step);
                farthest.put(phase, step);
                if (!cameFurther) {
                    cameFurther = true;
                    directory.starts(TRAIN).forget();
                }
            }
        }
    }
}
