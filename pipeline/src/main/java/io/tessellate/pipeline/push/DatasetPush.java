package io.tessellate.pipeline.push;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.DatasetState;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.Compatibility;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicProvisioner;
import java.time.Clock;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends a dataset: the OPEN manifest, then in one transaction all records and the CLOSED manifest. Either all of it is
 * seen or nothing, and a second push of the same task fences the first.
 */
public final class DatasetPush {
    private static final int PARTITIONS = 1;

    private final KafkaClients clients;
    private final Clock clock;
    private final CloudEvents events = new CloudEvents("tessellate/push");

    /** A sender. */
    public DatasetPush(KafkaClients clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** Creates the task's topic if need be and sends everything; returns when the broker has all of it. */
    public void send(LocalDataset dataset) {
        Topic<TaskExample> usual = clients.topics().task(dataset.task());
        Topic<TaskExample> topic =
                new Topic<>(usual.name(), usual.valueType(), PARTITIONS, usual.cleanup(), Compatibility.BACKWARD);
        try (Admin admin = clients.admin()) {
            TopicCollision.requireOwn(admin, clients.topics().names(), dataset.task());
            new TopicProvisioner(admin, clients.registry(), clients.topics()).provision(topic);
        }
        // A slash is in no name, so that no two tasks have the same id: the second push would fence the first.
        String id = "push/" + dataset.task();
        try (Producer<String, SpecificRecord> producer = clients.transactionalProducer(id)) {
            sendIn(producer, () -> producer.send(manifest(dataset, DatasetState.OPEN)));
            sendIn(producer, () -> {
                for (TaskExample record : dataset.records()) {
                    producer.send(new ProducerRecord<>(topic.name(), record.getId(), record));
                }
                producer.send(manifest(dataset, DatasetState.CLOSED));
            });
        } catch (KafkaException e) {
            throw new TessellateException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY,
                    "%s could not be sent: %s".formatted(dataset.task(), e.getMessage()),
                    e);
        }
    }

    private static void sendIn(Producer<String, SpecificRecord> producer, Runnable records) {
        producer.beginTransaction();
        records.run();
        producer.commitTransaction();
    }

    private ProducerRecord<String, SpecificRecord> manifest(LocalDataset dataset, DatasetState state) {
        TaskManifest manifest =
                TaskManifest.newBuilder(dataset.manifest()).setState(state).build();
        String task = dataset.task().toString();
        ProducerRecord<String, SpecificRecord> record =
                new ProducerRecord<>(clients.topics().manifests().name(), task, manifest);
        events.stamp(record.headers(), manifest, task, clock.instant());
        return record;
    }
}
