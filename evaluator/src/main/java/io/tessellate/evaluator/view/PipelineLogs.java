package io.tessellate.evaluator.view;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.MatrixBook;
import io.tessellate.event.RegistryEvent;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.lifecycle.Services;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** Tails of the topics that say how far every task has come, with the folds they feed. */
public final class PipelineLogs implements Service {
    private final MatrixBook matrices = new MatrixBook();
    private final Lineage lineage = new Lineage();
    private final PipelineView tasks = new PipelineView(lineage);
    private final AtomicLong lineageRevision = new AtomicLong();
    private final List<LogTail<?>> tails = new ArrayList<>();
    private final Services services;

    /** Tails that have not begun. */
    public PipelineLogs(KafkaClients clients) {
        TopicCatalogue topics = clients.topics();
        tail(clients, topics.registry(), this::registry);
        tail(clients, topics.tasks(), tasks::apply);
        tail(clients, topics.trainings(), tasks::apply);
        tail(clients, topics.trainingProgress(), tasks::apply);
        tail(clients, topics.forgetting(), row -> {
            tasks.apply(row);
            matrices.apply(row);
        });
        services = new Services("pipeline logs", tails);
    }

    private <V extends SpecificRecord> void tail(KafkaClients clients, Topic<V> topic, Consumer<V> fold) {
        tails.add(new LogTail<>(clients, topic, entry -> fold.accept(entry.value())));
    }

    private void registry(RegistryEvent event) {
        LoggedEvent logged = RegistryEventCodec.fromAvro(event);
        if (lineage.apply(logged)) {
            lineageRevision.incrementAndGet();
        }
        tasks.apply(logged);
    }

    /** Every task with its state. */
    public PipelineView tasks() {
        return tasks;
    }

    /** Every model's matrices. */
    public MatrixBook matrices() {
        return matrices;
    }

    /** Every model with its versions. */
    public Lineage lineage() {
        return lineage;
    }

    /** A number that grows with every event of the registry. */
    public long lineageRevision() {
        return lineageRevision.get();
    }

    /** Waits until everything that stood in the topics when this was called is in the folds. */
    public void awaitCaughtUp(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        // All at once: each looks only now and then whether it has come far enough.
        List<BooleanSupplier> marks = tails.stream().map(LogTail::mark).toList();
        for (int n = 0; n < marks.size(); n++) {
            LogTail<?> tail = tails.get(n);
            if (!tail.await(marks.get(n), Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                throw new TessellateException(
                        ErrorCode.TIMEOUT,
                        "%s did not catch up within %s: %s"
                                .formatted(tail.name(), timeout, tail.health().detail()));
            }
        }
    }

    @Override
    public String name() {
        return services.name();
    }

    @Override
    public void start() {
        services.start();
    }

    @Override
    public Health health() {
        return services.health();
    }

    @Override
    public void close() {
        services.close();
    }
}
