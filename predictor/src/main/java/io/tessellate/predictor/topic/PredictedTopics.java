package io.tessellate.predictor.topic;

import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.predictor.asking.Predictor;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.StaticMember;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Answers the records of all topics {@code predict.<model>.<task>} on {@code tessellate.predictions}, and reads the labels that come
 * back on {@code labels.<model>.<task>}. Start as many as there are machines: they share the partitions.
 */
public final class PredictedTopics implements Service {
    private static final int MOST_RECORDS = 200;
    /** How soon a new topic is found. */
    private static final int LOOK_EVERY_MILLIS = 3000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final SharedLogs logs;
    private final Predictor predictor;
    private final Clock clock;
    private final List<StaticMember> members = new ArrayList<>();

    /** Topics that are not read yet; predictor and logs stay the caller's, who starts them. */
    public PredictedTopics(KafkaClients clients, SharedLogs logs, Predictor predictor, Clock clock) {
        this.clients = clients;
        this.logs = logs;
        this.predictor = predictor;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "predictions of topics";
    }

    @Override
    public synchronized void start() {
        if (members.isEmpty()) {
            members.add(member("predictor", this::predictions));
            members.add(member("labels", this::labels));
        }
    }

    private StaticMember member(String name, Function<Supplier<Consumer<byte[], byte[]>>, ? extends TopicLoop> loops) {
        return StaticMember.join(
                clients,
                name,
                name,
                Map.of(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS,
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG, LOOK_EVERY_MILLIS),
                (instance, consumers) -> {
                    awaitLogs();
                    return loops.apply(consumers);
                });
    }

    /** A record must not be put aside as one of an unknown task because the log is not read yet. */
    private void awaitLogs() {
        logs.registry().tail().awaitCaughtUp(PATIENCE);
        logs.datasets().tail().awaitCaughtUp(PATIENCE);
    }

    private PredictionLoop predictions(Supplier<Consumer<byte[], byte[]>> consumers) {
        Pattern pattern = clients.topics().names().predictPattern();
        RecordQuestions questions = new RecordQuestions(predictor, new RecordDecoder(clients.registry()), pattern);
        PredictionLog log = new PredictionLog(clients, "predictor", clock);
        try {
            return new PredictionLoop(consumers.get(), pattern, questions, log);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private LabelLoop labels(Supplier<Consumer<byte[], byte[]>> consumers) {
        Pattern pattern = clients.topics().names().labelsPattern();
        RecordLabels labels = new RecordLabels(logs, new RecordDecoder(clients.registry()), pattern);
        PredictionLog log = new PredictionLog(clients, "labels", clock);
        try {
            return new LabelLoop(consumers.get(), pattern, labels, log);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    @Override
    public synchronized Health health() {
        if (members.isEmpty()) {
            return Health.waiting("not started");
        }
        return members.stream().map(StaticMember::health).reduce(Health::and).orElseThrow();
    }

    @Override
    public synchronized void close() {
        members.forEach(StaticMember::close);
        members.clear();
    }
}
