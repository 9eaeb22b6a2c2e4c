package io.tessellate.predictor.asking;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.registry.client.SharedLogs;

/**
 * Finds what answers, in the registry's log as it was read so far. The champion is looked up once for a request, so that no request
 * is answered by two versions.
 *
 * @param logs with the lineage and the closed datasets
 */
record ViewResolver(SharedLogs logs) {
    /**
     * A view of a task; UNKNOWN_MODEL, UNKNOWN_TASK or UNKNOWN_VERSION where there is none, MODEL_PARKED while the model waits.
     */
    AskedView view(TaskId task, PredictedView view, WantedVersion wanted) {
        ModelLine line = logs.registry().lineage().require(task.model());
        line.parked().ifPresent(parked -> {
            throw new TessellateException(
                    ErrorCode.MODEL_PARKED, "model %s is parked: %s".formatted(task.model(), parked.reason()));
        });
        int version = version(line, task.task(), view, wanted);
        CommittedVersion own = line.holding(version)
                .of(task.task())
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_TASK,
                        "version %d of model %s holds no task '%s'; it holds %s"
                                .formatted(
                                        version,
                                        task.model(),
                                        task.task(),
                                        line.holding(version).taskNames())));
        Holding applied = line.holding(view == PredictedView.TASK ? own.number() : version);
        return new AskedView(
                task.model(),
                task.task(),
                view,
                version,
                line.baseDigest(),
                line.files(),
                applied.files(),
                own.adapter(),
                dataset(task, own),
                own.recipe());
    }

    private static int version(ModelLine line, TaskName task, PredictedView view, WantedVersion wanted) {
        if (wanted.number().isPresent()) {
            return wanted.number().get();
        }
        if (view == PredictedView.TASK && !wanted.champion()) {
            return line.versionOf(task)
                    .orElseThrow(() -> new TessellateException(
                            ErrorCode.UNKNOWN_TASK,
                            "model %s has learnt no task '%s'; it has %s"
                                    .formatted(line.name(), task, line.holding().taskNames())))
                    .number();
        }
        return line.champion()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNKNOWN_VERSION,
                        "model %s has no champion; ask a version by its number, 1 to %d"
                                .formatted(line.name(), line.currentVersion())));
    }

    private ClosedDataset dataset(TaskId task, CommittedVersion own) {
        return logs.datasets()
                .datasets()
                .find(task, own.datasetDigest())
                .orElseThrow(() -> new RetriableException(
                        ErrorCode.NOT_READY, "the dataset of %s is not read yet".formatted(task)));
    }
}
