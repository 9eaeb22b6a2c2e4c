package io.tessellate.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.StoppedException;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Trains nothing, in the way it is told: writes a file, waits until released or cancelled, or fails. */
final class FakeEngine implements TrainingEngine {
    final List<Run> runs = new CopyOnWriteArrayList<>();
    final Deque<RuntimeException> failures = new ArrayDeque<>();
    final Deque<Error> errors = new ArrayDeque<>();
    /** Holds single runs, by their ids, longer than the others. */
    final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

    /** Once down, the run that is held does a step. */
    final CountDownLatch steps = new CountDownLatch(1);

    volatile CountDownLatch release = new CountDownLatch(0);
    volatile boolean training;
    volatile List<EarlierTasks.LeftOut> leftOut = List.of();

    @Override
    public TrainedAdapter train(Run run, RunWatch watch, Cancellation cancellation) {
        runs.add(run);
        leftOut.forEach(watch::leavesOut);
        watch.begins(0);
        training = true;
        awaitRelease(held.getOrDefault(run.id().value(), release), watch, cancellation);
        training = false;
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        Error error = errors.poll();
        if (error != null) {
            throw error;
        }
        watch.progress("train", 10, 10, 0.5, 0);
        try {
            Files.createDirectories(run.checkpoints());
            var file = Files.writeString(run.checkpoints().resolve("adapter"), "adapter of " + run.id(), UTF_8);
            return new TrainedAdapter(file, 7, 10, 0.5, 0, 0, leftOut, run.recipe(), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitRelease(CountDownLatch latch, RunWatch watch, Cancellation cancellation) {
        while (latch.getCount() > 0) {
            if (steps.getCount() == 0) {
                watch.progress("train", 1, 10, 0.6, 0);
            }
            try {
                cancellation.pause(5);
            } catch (StoppedException e) {
                training = false;
                throw e;
            }
        }
    }

    @Override
    public double share(ModelLine line, Recipe recipe) {
        return recipe.density();
    }

    @Override
    public Recipe settled(Recipe recipe) {
        return recipe;
    }

    @Override
    public Map<String, String> environment(Recipe recipe) {
        return Map.of("engine", "fake");
    }

    @Override
    public void close() {
        // holds nothing
    }
}
