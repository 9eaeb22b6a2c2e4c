package io.tessellate.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicKey;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Task events as they lie in a topic. */
final class TaskRecords {
    private final AvroSerdes serdes = new AvroSerdes("mock://" + UUID.randomUUID(), true);

    RecordReader<TaskEvent> reader(Topic<TaskEvent> topic) {
        return new RecordReader<>(topic, serdes.of(topic).deserializer(), new PassedOver(new SimpleMeterRegistry()));
    }

    ConsumerRecord<byte[], byte[]> record(Topic<TaskEvent> topic, int partition, long offset, TaskEvent event) {
        String key = topic.key() == TopicKey.MODEL ? event.getModel() : event.getModel() + "/" + event.getTask();
        byte[] value = serdes.of(topic).serializer().serialize(topic.name(), event);
        return new ConsumerRecord<>(topic.name(), partition, offset, key.getBytes(UTF_8), value);
    }
}
