package io.tessellate.predictor.topic;

import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.predictor.asking.Predictor;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.StaticMember;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Answers the records of all topics {@code predict.<model>.<task>} on {@code tessellate.predictions}. Start as many as there are
 * machines: they share the partitions.
 */
public final class PredictedTopics implements Service {
    private static final int MOST_RECORDS = 200;
    /** How soon a new topic is found. */
    private static final int LOOK_EVERY_MILLIS = 3000;

    private final KafkaClients clients;
    private final Predictor predictor;
    private final Clock clock;
    private @Nullable StaticMember member;

    /** Topics that are not read yet; the predictor stays the caller's. */
    public PredictedTopics(KafkaClients clients, Predictor predictor, Clock clock) {
        this.clients = clients;
        this.predictor = predictor;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "predictions of topics";
    }

    @Override
    public synchronized void start() {
        if (member == null) {
            Pattern pattern = clients.topics().names().predictPattern();
            member = StaticMember.join(
                    clients,
                    "predictor",
                    "predictor",
                    Map.of(
                            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS,
                            ConsumerConfig.METADATA_MAX_AGE_CONFIG, LOOK_EVERY_MILLIS),
                    (name, consumers) -> loop(pattern, consumers));
        }
    }

    private PredictionLoop loop(Pattern pattern, Supplier<Consumer<byte[], byte[]>> consumers) {
        RecordQuestions questions = new RecordQuestions(predictor, new RecordDecoder(clients.registry()), pattern);
        PredictionLog log = new PredictionLog(clients, clock);
        try {
            return new PredictionLoop(consumers.get(), pattern, questions, log);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    @Override
    public synchronized Health health() {
        return member == null ? Health.waiting("not started") : member.health();
    }

    @Override
    public synchronized void close() {
        if (member != null) {
            member.close();
            member = null;
        }
    }
}
