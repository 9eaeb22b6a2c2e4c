package io.tessellate.ingest.source;

import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.topic.TopicCatalogue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * How far ingest has read. What it has committed says so, except that offsets at the end of a partition may belong to no
 * record (a transaction's marks, aborted records): there it is looked whether any record is left. In one thread only.
 */
final class Readings implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final ListOffsetsOptions COMMITTED = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    private static final ListOffsetsOptions WRITTEN = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);

    private final Admin admin;
    private final KafkaClients clients;
    private final String application;
    private @Nullable Consumer<byte[], byte[]> consumer;

    Readings(Admin admin, KafkaClients clients, String application) {
        this.admin = admin;
        this.clients = clients;
        this.application = application;
    }

    /** The reading of all that stands in a task's topic and in the manifests' when it is first asked whether it is done. */
    Reading of(String topic, int partition) {
        return new Reading(topic, partition);
    }

    /** Two stretches one after the other: from the sources to the internal topics, and from there to the judge. */
    final class Reading {
        private final String topic;
        private final int partition;
        private @Nullable Map<TopicPartition, Long> sources;
        private @Nullable Map<TopicPartition, Long> internal;

        private Reading(String topic, int partition) {
            this.topic = topic;
            this.partition = partition;
        }

        boolean done() {
            if (sources == null) {
                TopicCatalogue topics = clients.topics();
                sources = ends(partitions(List.of(topic, topics.manifests().name())), COMMITTED);
            }
            if (internal == null) {
                if (!isRead(sources)) {
                    return false;
                }
                // Up to the last written offset: what was routed may stand in a transaction that is just being
                // committed.
                internal = ends(
                        Stream.of("records", "statements")
                                .map(name -> "%s-%s-repartition".formatted(application, name))
                                .map(name -> new TopicPartition(name, partition))
                                .collect(Collectors.toSet()),
                        WRITTEN);
            }
            return isRead(internal);
        }
    }

    private Set<TopicPartition> partitions(List<String> topics) {
        Set<TopicPartition> all = new HashSet<>();
        admin.describeTopics(topics).topicNameValues().forEach((name, described) -> {
            try {
                TopicDescription description = TopicInspector.await(described);
                description.partitions().forEach(one -> all.add(new TopicPartition(name, one.partition())));
            } catch (UnknownTopicOrPartitionException e) {
                // A topic that is not there has nothing that could be read.
                return;
            }
        });
        return all;
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions, ListOffsetsOptions isolation) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        TopicInspector.await(admin.listOffsets(latest, isolation).all())
                .forEach((partition, found) -> ends.put(partition, found.offset()));
        return ends;
    }

    private boolean isRead(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                TopicInspector.await(admin.listConsumerGroupOffsets(application).partitionsToOffsetAndMetadata());
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata position = committed.get(end.getKey());
            long from = position == null ? 0 : position.offset();
            if (from < end.getValue() && isLeft(end.getKey(), from, end.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Whether a record lies between two offsets, or one that is not committed yet may. */
    private boolean isLeft(TopicPartition partition, long from, long end) {
        Consumer<byte[], byte[]> reader = reader(partition, from);
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL).records(partition)) {
            return record.offset() < end;
        }
        return reader.position(partition) < end;
    }

    /** How many records are left in offset ranges, by partition. */
    Map<Integer, Long> count(String topic, Map<Integer, Covered> covered) {
        Map<Integer, Long> counts = new HashMap<>();
        covered.forEach((partition, part) -> counts.put(partition, count(new TopicPartition(topic, partition), part)));
        return counts;
    }

    private long count(TopicPartition partition, Covered part) {
        Consumer<byte[], byte[]> reader = reader(partition, part.from());
        long count = 0;
        long before = -1;
        while (reader.position(partition) < part.to() && reader.position(partition) != before) {
            before = reader.position(partition);
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL).records(partition)) {
                count += record.offset() < part.to() ? 1 : 0;
            }
        }
        return count;
    }

    private Consumer<byte[], byte[]> reader(TopicPartition partition, long from) {
        Consumer<byte[], byte[]> reader = consumer;
        if (reader == null) {
            reader = clients.rawConsumer("topic-inspector");
            consumer = reader;
        }
        reader.assign(List.of(partition));
        reader.seek(partition, from);
        return reader;
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }
}
