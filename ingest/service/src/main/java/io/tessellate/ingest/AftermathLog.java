package io.tessellate.ingest;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.ModelRegistered;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.attempt.Aftermath;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.mask.grant.Ownership;
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

    /** Refusals after which the run is trained again, or its end is said by a training event. */
    private static final Set<String> RETRIED =
            Set.of(ErrorCode.FENCED.name(), ErrorCode.OVERLAP.name(), ErrorCode.STALE_PARENT.name());

    private final Set<String> failedRuns = ConcurrentHashMap.newKeySet();
    private final Set<String> committedRuns = ConcurrentHashMap.newKeySet();
    private final Map<String, String> lastRuns = new ConcurrentHashMap<>();
    private final Map<String, String> originals = new ConcurrentHashMap<>();
    private final Map<String, GrantRule> models = new ConcurrentHashMap<>();
    private final List<LogTail<?>> tails;
    private volatile long readAt = System.nanoTime() - FRESH_NANOS;

    AftermathLog(KafkaClients clients) {
        var topics = clients.topics();
        this.tails = List.of(
                new LogTail<>(clients, topics.registry(), entry -> registry(entry.value())),
                new LogTail<>(clients, topics.trainings(), entry -> training(entry.value())),
                new LogTail<>(clients, topics.tasks(), entry -> task(entry.value())));
    }

    void start() {
        tails.forEach(LogTail::start);
    }

    Health health() {
        return tails.stream().map(LogTail::health).reduce(Health.up("following"), Health::and);
    }

    private void registry(RegistryEvent event) {
        if (event.getAdapterRejected() != null
                && !RETRIED.contains(event.getAdapterRejected().getCode())) {
            failedRuns.add(event.getAdapterRejected().getRunId());
        } else if (event.getAdapterCommitted() != null) {
            committedRuns.add(event.getAdapterCommitted().getRunId());
        } else if (event.getModelRegistered() != null) {
            registered(event.getModel(), event.getModelRegistered());
        }
    }

    private void registered(String model, ModelRegistered event) {
        try {
            var space = RegistryEventCodec.space(event.getEligible());
            models.put(
                    model,
                    new GrantRule(space, Ownership.valueOf(event.getOwnership().name())));
        } catch (TessellateException e) {
            LOG.error("recipes for model {} are checked by the registry only: {}", model, e.getMessage());
        }
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
        return hasFailed(run.value()) || originalRun != null && hasFailed(originalRun);
    }

    private boolean hasFailed(String run) {
        return failedRuns.contains(run) && !committedRuns.contains(run);
    }

    @Override
    public Optional<GrantRule> terms(ModelName model) {
        GrantRule known = models.get(model.value());
        if (known == null) {
            readToTheEnd();
        }
        return Optional.ofNullable(models.get(model.value()));
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
