package io.tessellate.evaluator.view;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.alert.AlertLogs;
import io.tessellate.evaluator.live.LiveBook;
import io.tessellate.evaluator.live.LiveCodec;
import io.tessellate.evaluator.matrix.MatrixBook;
import io.tessellate.lineage.Lineage;
import io.tessellate.registry.client.Following;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Borrowed;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.lifecycle.Services;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Tails of the topics that say how far every task has come, with the folds they feed: the logs that are shared with other parts of
 * the process, and those that only readers need. Whoever uses them starts them; whoever made them closes them.
 */
public final class PipelineLogs implements Service {
    private final SharedLogs shared;
    private final MatrixBook matrices = new MatrixBook();
    private final PipelineView tasks;
    private final AlertLogs alerts;
    private final LiveBook live = new LiveBook();
    private final TrainedRuns trained = new TrainedRuns();
    private final List<LogTail<?>> tails = new ArrayList<>();
    private final List<Following> followings;
    private final Services services;

    /**
     * Tails that have not begun. They are made before the shared logs are started, to hear of everything in them.
     *
     * @param shared stay the caller's
     */
    public PipelineLogs(KafkaClients clients, SharedLogs shared) {
        this.shared = shared;
        this.tasks = new PipelineView(shared.registry().lineage());
        this.followings = List.of(
                shared.registry().follow(tasks::apply),
                shared.datasets().follow(tasks::apply),
                shared.runs().follow(tasks::apply),
                shared.runs().follow(trained::apply));
        TopicCatalogue topics = clients.topics();
        tail(clients, topics.trainingProgress(), tasks::apply);
        tail(clients, topics.forgetting(), row -> {
            tasks.apply(row);
            matrices.apply(row);
        });
        tail(clients, topics.liveScores(), standing -> live.apply(LiveCodec.standing(standing)));
        alerts = new AlertLogs(clients);
        List<Service> parts = new ArrayList<>(tails);
        parts.add(alerts);
        parts.add(0, new Borrowed(shared.registry()));
        parts.add(1, new Borrowed(shared.datasets()));
        parts.add(2, new Borrowed(shared.runs()));
        services = new Services("pipeline logs", parts);
        tails.addAll(shared.tails());
        tails.addAll(alerts.tails());
    }

    private <V extends SpecificRecord> void tail(KafkaClients clients, Topic<V> topic, Consumer<V> fold) {
        tails.add(new LogTail<>(clients, topic, entry -> fold.accept(entry.value())));
    }

    /** Every task with its state. */
    public PipelineView tasks() {
        return tasks;
    }

    /** Every model's matrices. */
    public MatrixBook matrices() {
        return matrices;
    }

    /** The newest alerts, with what became of them. */
    public AlertLogs alerts() {
        return alerts;
    }

    /** How tasks do on what they are asked. */
    public LiveBook live() {
        return live;
    }

    /** How each adapter was trained. */
    public TrainedRuns trained() {
        return trained;
    }

    /** The logs that others read as well. */
    public SharedLogs shared() {
        return shared;
    }

    /** Every model with its versions. */
    public Lineage lineage() {
        return shared.registry().lineage();
    }

    /** A number that grows with every event of the registry. */
    public long lineageRevision() {
        return shared.registry().revision();
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
        followings.forEach(Following::close);
        services.close();
    }
}
