package io.tessellate.ingest.source;

import io.tessellate.runtime.kafka.KafkaClients;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at topics through the broker, in a thread of its own. What does not answer is asked again; what refuses is said. */
public final class TopicInspector implements TopicLook, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicInspector.class);
    private static final long LOOK_AGAIN_MILLIS = 200;
    private static final long AFTER_FAILURE_MILLIS = 1_000;
    private static final long PATIENCE_SECONDS = 10;

    private final Admin admin;
    private final Readings readings;
    private final ScheduledExecutorService thread;

    /**
     * An inspector that is at work.
     *
     * @param application of the topology, whose group reads the topics
     */
    public TopicInspector(KafkaClients clients, String application) {
        this.admin = clients.admin();
        this.readings = new Readings(admin, clients, application);
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "topic-inspector");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    @Override
    public CompletableFuture<TopicSighting> now(String topic, Map<Integer, Covered> covered) {
        var answer = new CompletableFuture<TopicSighting>();
        thread.execute(() -> answer(answer, () -> Optional.of(look(topic, covered))));
        return answer;
    }

    @Override
    public CompletableFuture<TopicSighting> onceRead(String topic, int partition, Map<Integer, Covered> covered) {
        var answer = new CompletableFuture<TopicSighting>();
        Readings.Reading reading = readings.of(topic, partition);
        thread.execute(() ->
                answer(answer, () -> reading.done() ? Optional.of(look(topic, covered)) : Optional.empty()));
        return answer;
    }

    private interface Look {
        Optional<TopicSighting> take();
    }

    /** Looks until there is an answer; one that nobody waits for any more is given up. */
    private void answer(CompletableFuture<TopicSighting> answer, Look look) {
        if (answer.isDone() || thread.isShutdown()) {
            return;
        }
        long again = LOOK_AGAIN_MILLIS;
        try {
            look.take().ifPresent(answer::complete);
        } catch (RetriableException e) {
            LOG.warn("a topic cannot be looked at now: {}", e.toString());
            again = AFTER_FAILURE_MILLIS;
        } catch (InterruptException e) {
            LOG.debug("the inspector is stopped", e);
            return;
        } catch (RuntimeException | Error e) { // whatever it is, the dataset that asked must not wait for ever
            LOG.warn("a topic cannot be looked at", e);
            answer.complete(TopicSighting.hidden(
                    "its settings and offsets cannot be looked at, so lost records are not noticed: "
                            + e.getMessage()));
        }
        if (!answer.isDone() && !thread.isShutdown()) {
            thread.schedule(() -> answer(answer, look), again, TimeUnit.MILLISECONDS);
        }
    }

    private TopicSighting look(String topic, Map<Integer, Covered> covered) {
        TopicDescription description;
        try {
            description =
                    await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        } catch (UnknownTopicOrPartitionException e) {
            return TopicSighting.missing();
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = await(admin.describeConfigs(List.of(resource)).values().get(resource));
        TopicRisks risks = TopicRisks.of(config);
        return new TopicSighting(
                true,
                description.topicId().toString(),
                risks.all(),
                offsets(topic, description, OffsetSpec.earliest()),
                offsets(topic, description, OffsetSpec.latest()),
                risks.compacted() ? readings.count(topic, covered) : Map.of());
    }

    private Map<Integer, Long> offsets(String topic, TopicDescription description, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        description
                .partitions()
                .forEach(partition -> asked.put(new TopicPartition(topic, partition.partition()), which));
        Map<Integer, Long> offsets = new HashMap<>();
        await(admin.listOffsets(asked).all())
                .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        return offsets;
    }

    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("the broker did not answer", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the inspector of topics did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        readings.close();
        admin.close(java.time.Duration.ofSeconds(2));
    }
}
