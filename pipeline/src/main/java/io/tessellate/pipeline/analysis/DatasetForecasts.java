package io.tessellate.pipeline.analysis;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.forecast.TaskOutlook;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingListener;
import io.tessellate.engine.train.TrainingProgress;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.analysis.AnalysisLog;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.push.TemporaryFolder;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.http.LineAnswer;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Cancellation;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.worker.Forecaster;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts for datasets that lie in their topics: read from their offsets and looked at as a worker does. One at a time, since they share
 * a folder; the memory is that of a training, from the process's budget.
 */
public final class DatasetForecasts {
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final KafkaClients clients;
    private final PipelineLogs logs;
    private final BlobStore blobs;
    private final DataDirectory data;
    private final ProcessEngine engine;
    private final Supplier<AnalysisLog> log;

    /**
     * Forecasts in this process.
     *
     * @param logs stay the caller's, and have to be started
     * @param data a directory of its own, for unpacked base models
     * @param engine shared with all parts of the process that compute
     * @param log where they are written down
     */
    public DatasetForecasts(
            KafkaClients clients,
            PipelineLogs logs,
            BlobStore blobs,
            DataDirectory data,
            ProcessEngine engine,
            Supplier<AnalysisLog> log) {
        this.clients = clients;
        this.logs = logs;
        this.blobs = blobs;
        this.data = data;
        this.engine = engine;
        this.log = log;
    }

    /**
     * How far it is.
     *
     * @param step of calibrating, done
     * @param steps of this calibration; 0 while it does something else
     */
    public record Progress(String doing, long step, long steps) {}

    /**
     * Makes sure at once that there is something to forecast, and gives what answers, and leaves an event, when it is run.
     *
     * @param share of the train split that is looked at, above 0 and up to 1
     * @throws TessellateException UNKNOWN_MODEL, UNKNOWN_TASK where no dataset was closed under the name, MODEL_PARKED, INVALID_ARGUMENT
     */
    public LineAnswer.Work ask(TaskId task, double share, Author author) {
        if (!(share > 0 && share <= 1)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "share must be above 0 and no more than 1, not " + share);
        }
        logs.awaitCaughtUp(PATIENCE);
        ModelLine line = logs.lineage().require(task.model());
        line.parked().ifPresent(parked -> {
            throw new TessellateException(
                    ErrorCode.MODEL_PARKED, "model %s is parked: %s".formatted(line.name(), parked.reason()));
        });
        ClosedDataset dataset = closed(task);
        return (progress, cancellation) -> answer(dataset, share, author, progress, cancellation);
    }

    private ClosedDataset closed(TaskId task) {
        var datasets = logs.shared().datasets().datasets();
        datasets.original(task).ifPresent(original -> {
            throw new TessellateException(
                    ErrorCode.UNKNOWN_TASK,
                    "what came last as %s is the dataset of %s: ask about that one".formatted(task, original));
        });
        return datasets.newest(task)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK,
                        "no dataset was closed as %s; one that lies in a directory is asked about by: tessellate forecast %s DIR"
                                .formatted(task, task.model())));
    }

    private Map<String, @Nullable Object> answer(
            ClosedDataset dataset, double share, Author author, Consumer<Object> progress, Cancellation cancellation) {
        TaskOutlook outlook = new Retry(
                        Backoff.endless(),
                        cancellation,
                        failure -> progress.accept(new Progress("waits: " + failure.getMessage(), 0, 0)))
                .call(() -> TemporaryFolder.with(folder -> outlook(dataset, share, folder, progress, cancellation)));
        cancellation.check();
        Map<String, @Nullable Object> json = json(outlook, dataset);
        log.get().publish(outlook, dataset.run(), json, author);
        return json;
    }

    private TaskOutlook outlook(
            ClosedDataset dataset, double share, Path folder, Consumer<Object> progress, Cancellation cancellation) {
        cancellation.check();
        progress.accept(new Progress("reads %s".formatted(dataset.topic()), 0, 0));
        TrainingControl control = new TrainingControl(
                new Steps(progress),
                cancellation::isCancelled,
                new CheckpointStore(folder),
                new CheckpointPolicy(Long.MAX_VALUE, Duration.ofDays(1)),
                Clock.systemUTC());
        return new Forecaster(clients, logs.shared(), blobs, data, engine)
                .forecast(dataset, share, costs -> progress.accept(new Progress(costs, 0, 0)), control);
    }

    /** Says how far calibrating is, a few times a second: who reads slowly is not to be buried. */
    private static final class Steps implements TrainingListener {
        private static final long PAUSE_NANOS = 250_000_000;

        private final Consumer<Object> progress;
        private long said = System.nanoTime() - PAUSE_NANOS;

        Steps(Consumer<Object> progress) {
            this.progress = progress;
        }

        @Override
        public void progressed(TrainingProgress now) {
            if (System.nanoTime() - said >= PAUSE_NANOS) {
                said = System.nanoTime();
                progress.accept(new Progress("calibrates", now.step(), now.steps()));
            }
        }
    }

    /** As the command prints it, with what has become of the dataset until now. */
    private Map<String, @Nullable Object> json(TaskOutlook outlook, ClosedDataset dataset) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(new ForecastReport(outlook).json());
        Optional<CommittedVersion> held = logs.lineage().require(dataset.task().model()).holding().commits().stream()
                .filter(commit -> commit.task().equals(dataset.task()))
                .findFirst();
        json.put("run", dataset.run().value());
        json.put("datasetDigest", dataset.digest().hex());
        json.put(
                "state",
                logs.tasks()
                        .task(dataset.task())
                        .map(TaskStatus::state)
                        .map(state -> state.label())
                        .orElse(null));
        json.put("trainedAs", held.map(CommittedVersion::number).orElse(null));
        return json;
    }
}
