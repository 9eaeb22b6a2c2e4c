package io.tessellate.ingest;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.attempt.DownstreamState;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.registry.client.DatasetIndex;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.kafka.LogTail;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of datasets, as the logs of trainer, registry and ingest itself tell it. */
final class DownstreamLog implements DownstreamState {
    private static final Logger LOG = LoggerFactory.getLogger(DownstreamLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final SharedLogs logs;
    private volatile long readAt = System.nanoTime() - FRESH_NANOS;

    /** It in logs that are read already. */
    DownstreamLog(SharedLogs logs) {
        this.logs = logs;
    }

    @Override
    public boolean failed(TaskId task, RunId run) {
        if (hasFailed(task, run)) {
            return true;
        }
        readToTheEnd();
        return hasFailed(task, run);
    }

    private boolean hasFailed(TaskId task, RunId run) {
        DatasetIndex datasets = logs.datasets().datasets();
        Optional<RunId> originalRun =
                datasets.original(task).flatMap(datasets::newest).map(ClosedDataset::run);
        return hasFailed(task.model(), run)
                || originalRun.filter(known -> hasFailed(task.model(), known)).isPresent();
    }

    private boolean hasFailed(ModelName model, RunId run) {
        Optional<ModelLine> line = model(model);
        Optional<CommittedVersion> committed = line.flatMap(known -> known.versionOf(run));
        return committed
                .map(commit -> !line.get().holding().commits().contains(commit))
                .orElseGet(() -> logs.runs().hasFailed(run)
                        || line.filter(known -> isRefused(known, run)).isPresent());
    }

    private Optional<ModelLine> model(ModelName model) {
        return logs.registry().lineage().model(model);
    }

    private static boolean isRefused(ModelLine line, RunId run) {
        return line.cancelled(run).isPresent()
                || line.rejections().stream().anyMatch(refused -> refused.run().equals(run) && !refused.lostRace());
    }

    @Override
    public Optional<GrantRule> terms(ModelName model) {
        if (model(model).isEmpty()) {
            readToTheEnd();
        }
        return model(model).map(line -> new GrantRule(line.space(), line.ownership()));
    }

    /** Who pushes again has seen that the run failed, so what was written until now counts; once for many that ask together. */
    private void readToTheEnd() {
        if (System.nanoTime() - readAt < FRESH_NANOS) {
            return;
        }
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            for (LogTail<?> tail : logs.tails()) {
                tail.awaitCaughtUp(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (TessellateException e) {
            LOG.warn("decided by what is known so far: {}", e.getMessage());
        }
        readAt = System.nanoTime();
    }
}
