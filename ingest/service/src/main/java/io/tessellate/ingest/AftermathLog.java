package io.tessellate.ingest;

import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.attempt.Aftermath;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The aftermath as the logs of trainer, registry and ingest itself tell it. */
final class AftermathLog implements Aftermath, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AftermathLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Lineage lineage = new Lineage();
    private final Set<String> failedRuns = ConcurrentHashMap.newKeySet();
    private final Map<String, String> lastRuns = new ConcurrentHashMap<>();
    private final Map<String, String> originals = new ConcurrentHashMap<>();
    private final List<LogTail<?>> tails;
    private volatile long readAt = System.nanoTime() - FRESH_NANOS;

    AftermathLog(KafkaClients clients) {
        var topics = clients.topics();
        this.tails = List.of(
                new LogTail<>(
                        clients, topics.registry(), entry -> lineage.apply(RegistryEventCodec.fromAvro(entry.value()))),
                new LogTail<>(clients, topics.trainings(), entry -> training(entry.value())),
                new LogTail<>(clients, topics.tasks(), entry -> task(entry.value())));
    }

    void start() {
        tails.forEach(LogTail::start);
    }

    Health health() {
        return tails.stream().map(LogTail::health).reduce(Health.up("following"), Health::and);
    }

    private void training(TrainingEvent event) {
        if (event.getFailed() != null) {
            failedRuns.add(event.getRunId());
        }
    }

    private void task(TaskEvent event) {
        String task = event.getModel() + "/" + event.getTask();
        if (event.getReady() != null) {
            lastRuns.put(task, event.getReady().getRunId());
            originals.remove(task);
        } else if (event.getDuplicate() != null
                && !event.getDuplicate().getDuplicateOf().equals(event.getTask())) {
            originals.put(task, event.getModel() + "/" + event.getDuplicate().getDuplicateOf());
        }
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
        String original = originals.get(task.toString());
        String originalRun = original == null ? null : lastRuns.get(original);
        return hasFailed(task.model(), run) || originalRun != null && hasFailed(task.model(), new RunId(originalRun));
    }

    private boolean hasFailed(ModelName model, RunId run) {
        Optional<ModelLine> line = lineage.model(model);
        boolean committed = line.flatMap(known -> known.versionOf(run)).isPresent();
        return !committed
                && (failedRuns.contains(run.value())
                        || line.filter(known -> isRefused(known, run)).isPresent());
    }

    private static boolean isRefused(ModelLine line, RunId run) {
        return line.rejections().stream().anyMatch(refused -> refused.run().equals(run) && !refused.lostRace());
    }

    @Override
    public Optional<GrantRule> terms(ModelName model) {
        if (lineage.model(model).isEmpty()) {
            readToTheEnd();
        }
        return lineage.model(model).map(line -> new GrantRule(line.space(), line.ownership()));
    }

    /** Who pushes again has seen that the run failed, so what was written until now counts; once for many that ask together. */
    private void readToTheEnd() {
        if (System.nanoTime() - readAt < FRESH_NANOS) {
            return;
        }
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            for (LogTail<?> tail : tails) {
                tail.awaitCaughtUp(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (TessellateException e) {
            LOG.warn("decided by what is known so far: {}", e.getMessage());
        }
        readAt = System.nanoTime();
    }

    @Override
    public void close() {
        tails.forEach(LogTail::close);
    }
}
