package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.TrainingListener;
import io.tessellate.engine.train.TrainingProgress;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.recipe.RaceResult;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a dataset and a reservation into an adapter. */
interface TrainingEngine extends AutoCloseable {
    /**
     * Trains a run, or goes on with it from its checkpoint.
     *
     * @throws io.tessellate.error.TessellateException DIVERGED, FROZEN_WEIGHT_CHANGED, CAPACITY, INVALID_RECIPE...;
     *     stopped when cancelled, after a checkpoint was written
     */
    TrainedAdapter train(Run run, RunWatch watch, Cancellation cancellation);

    /** The share of a model's eligible weights that a recipe asks for. */
    double share(ModelLine line, Recipe recipe);

    /** What a recipe comes to on this machine: the recipe that a run is trained by and recorded with. */
    Recipe settled(Recipe recipe);

    /** Versions and machine facts that the numbers of a recipe depend on. */
    Map<String, String> environment(Recipe recipe);

    @Override
    void close();

    /**
     * What to train.
     *
     * @param dataset the closed dataset
     * @param recipe how, with every default filled in; some fields may be left to a race
     * @param line the model as the reservation saw it
     * @param reservation what may be trained
     * @param checkpoints directory of the run's checkpoints
     * @param without earlier tasks whose records are not read, whatever is there of them
     */
    record Run(
            ClosedDataset dataset,
            Recipe recipe,
            ModelLine line,
            Reservation reservation,
            Path checkpoints,
            Set<TaskName> without) {
        public Run {
            without = Set.copyOf(without);
        }

        /** One that looks back at all that it can. */
        Run(ClosedDataset dataset, Recipe recipe, ModelLine line, Reservation reservation, Path checkpoints) {
            this(dataset, recipe, line, reservation, checkpoints, Set.of());
        }

        TaskId task() {
            return reservation.task();
        }

        RunId id() {
            return reservation.run();
        }
    }

    /**
     * What came out.
     *
     * @param file the adapter file
     * @param owned weights it owns
     * @param steps optimiser steps, calibration included
     * @param finalLoss mean training loss over the last tenth of the final phase
     * @param shortened train examples that lost their end to the longest length
     * @param cutOff train examples left out because nothing of their completion was left
     * @param leftOut earlier tasks that could not be looked back at
     * @param recipe what it was trained with: nothing in it is left open
     * @param race what the race for the fields came to that were left open, if any were
     */
    record TrainedAdapter(
            Path file,
            long owned,
            long steps,
            double finalLoss,
            int shortened,
            int cutOff,
            List<EarlierTasks.LeftOut> leftOut,
            Recipe recipe,
            Optional<RaceResult> race) {
        public TrainedAdapter {
            leftOut = List.copyOf(leftOut);
        }
    }

    /** Hears how far a run is. */
    interface RunWatch {
        /** Called once, before the first step of this attempt. */
        void begins(long resumedAtStep);

        /** Called before the first step of an attempt for every earlier task that it has to do without. */
        void leavesOut(EarlierTasks.LeftOut earlier);

        /** Called after every step. */
        void progress(String phase, long step, long steps, double loss, double secondsLeft);
    }

    /** Passes the engine's progress on; the first step it hears of says where the attempt began. */
    final class StepRelay implements TrainingListener {
        private final TrainingEngine.RunWatch watch;
        private boolean begun;

        StepRelay(TrainingEngine.RunWatch watch) {
            this.watch = watch;
        }

        @Override
        public void progressed(TrainingProgress now) {
            if (!begun) {
                begun = true;
                watch.begins(now.step() - 1);
            }
            watch.progress(now.phase().label(), now.step(), now.steps(), now.loss(), now.secondsLeft());
        }
    }
}
