package io.tessellate.registry.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import io.tessellate.topic.TopicNames;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The registry's log, as one partition that a test writes to. */
final class FakeLog {
    static final ModelName MODEL = new ModelName("glue");
    static final TopicCatalogue TOPICS = new TopicCatalogue(TopicNames.DEFAULT);
    private static final Topic<RegistryEvent> TOPIC = TOPICS.registry();
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC.name(), 0);

    final PassedOver passedOver = new PassedOver(new SimpleMeterRegistry());
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final RegistryLog log = new RegistryLog(MODEL.value());
    private long offset;

    FakeLog() {
        consumer.updatePartitions(
                TOPIC.name(), List.of(new PartitionInfo(TOPIC.name(), 0, Node.noNode(), new Node[0], new Node[0])));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
    }

    LogTail<RegistryEvent> tail(Consumer<RegistryEvent> handler) {
        return new LogTail<>(
                () -> consumer,
                new RecordReader<>(TOPIC, serdes.of(TOPIC).deserializer(), passedOver),
                entry -> handler.accept(entry.value()));
    }

    void register() {
        append(log.register());
    }

    void commit(String task) {
        append(log.commit(task));
    }

    void refuse(String commandId, ErrorCode code, String message) {
        append(commandId, new io.tessellate.lineage.log.RegistryEvent.CommandRejected(code, message, null, null));
    }

    void append(@Nullable String commandId, io.tessellate.lineage.log.RegistryEvent event) {
        append(log.log(commandId, event));
    }

    private synchronized void append(LoggedEvent entry) {
        bytes(serdes.of(TOPIC).serializer().serialize(TOPIC.name(), RegistryEventCodec.toAvro(entry)));
    }

    synchronized void bytes(byte[] value) {
        long at = offset++;
        consumer.schedulePollTask(() -> {
            consumer.addRecord(
                    new ConsumerRecord<>(TOPIC.name(), 0, at, MODEL.value().getBytes(UTF_8), value));
            consumer.updateEndOffsets(Map.of(PARTITION, at + 1));
        });
    }
}
