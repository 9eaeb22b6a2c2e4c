package io.tessellate.worker;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.LostTask;
import io.tessellate.lineage.log.RegistryEvent.MaskReserved;
import io.tessellate.registry.client.DatasetLog;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Trains committed runs again as their workers did: on the same version, from the same offsets, by the same recipe, with what was
 * granted then. Nothing is reserved, published or stored, and nobody is asked for anything but to be read.
 */
public final class Reproduction implements AutoCloseable {
    private final TrainingEngine engine;
    private final DatasetLog datasets;
    private final DataDirectory data;

    /**
     * One that has trained nothing yet.
     *
     * @param datasets the log of the datasets, read to where it matters
     * @param data a directory of its own, for the base's files, checkpoints and what comes out
     */
    public Reproduction(
            KafkaClients clients, DatasetLog datasets, BlobStore blobs, DataDirectory data, ProcessEngine shared) {
        this.engine = new EncoderTraining(clients, blobs, WorkerSettings.of(data, 1), "", datasets, shared);
        this.datasets = datasets;
        this.data = data;
    }

    /** Hears how far a run is. */
    @FunctionalInterface
    public interface Steps {
        /** Called after every step. */
        void done(String phase, long step, long steps, double secondsLeft);
    }

    /** What the numbers of a run depend on, of this machine: as workers publish it with a run. */
    public Map<String, String> machine(CommittedVersion commit) {
        return engine.environment(Recipe.parse(commit.recipe()));
    }

    /**
     * The adapter file that a run comes to.
     *
     * @param line the model as it is now; versions never change
     * @param granted what was reserved for the run that was committed
     * @return a file in the directory of its own, until the next run
     * @throws TessellateException RECORDS_GONE, TOPIC_RECREATED, DIGEST_MISMATCH, EARLIER_DATA_GONE, BLOB_DAMAGED ... for what is no longer
     *     what the run was given; whatever ends a training
     */
    public Path train(
            ModelLine line, CommittedVersion commit, MaskReserved granted, Steps steps, Cancellation cancellation) {
        ClosedDataset dataset = datasets.datasets().require(commit.task(), commit.datasetDigest());
        RunDirectory directory = RunDirectory.of(data, commit.run());
        directory.delete();
        directory.beginAttempt();
        Set<TaskName> without =
                commit.commit().leftOut().stream().map(LostTask::task).collect(Collectors.toSet());
        var run = new TrainingEngine.Run(
                dataset,
                Recipe.parse(commit.recipe()),
                line,
                new Reservation(commit.task(), granted),
                directory.checkpoints(),
                without);
        return engine.train(run, new Watch(steps), cancellation).file();
    }

    @Override
    public void close() {
        engine.close();
    }

    /** A run that looked back at a task can only be trained again with it. */
    private static final class Watch implements TrainingEngine.RunWatch {
        private final Steps steps;
        private final List<String> gone = new ArrayList<>();

        Watch(Steps steps) {
            this.steps = steps;
        }

        @Override
        public void leavesOut(EarlierTasks.LeftOut earlier) {
            gone.add("%s: %s".formatted(earlier.task(), earlier.reason()));
        }

        @Override
        public void begins(long resumedAtStep) {
            if (!gone.isEmpty()) {
                throw new TessellateException(
                        ErrorCode.EARLIER_DATA_GONE,
                        "it was trained with records of earlier tasks that can no longer be read: "
                                + String.join("; ", gone));
            }
        }

        @Override
        public void progress(String phase, long step, long of, double loss, double secondsLeft) {
            steps.done(phase, step, of, secondsLeft);
        }
    }
}
