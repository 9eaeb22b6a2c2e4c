package io.tessellate.worker;

import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes what happens to runs. A run's end and the offset of the dataset it consumed are one transaction: whoever reads
 * committed records sees both or neither.
 */
final class TrainingLog implements AutoCloseable {
    private final String name;
    private final Producer<String, SpecificRecord> events;
    private final Producer<String, SpecificRecord> progress;
    private final CloudEvents cloudEvents = new CloudEvents("tessellate/trainer");
    private final String eventTopic;
    private final String progressTopic;
    private final Topic<TaskEvent> lanes;

    /** A log of one that trains, through two producers, which it closes; the first one's transactions are initialised. */
    TrainingLog(
            String name,
            TopicCatalogue topics,
            Producer<String, SpecificRecord> events,
            Producer<String, SpecificRecord> progress) {
        this.name = name;
        this.eventTopic = topics.trainings().name();
        this.progressTopic = topics.trainingProgress().name();
        this.lanes = topics.parallelTasks();
        this.events = events;
        this.progress = progress;
    }

    /**
     * A log of one that trains.
     *
     * @param name tells it from others in the same process; the same after a restart, which fences what it was before
     */
    static TrainingLog open(KafkaClients clients, String name) {
        String instance = clients.settings().instanceId() + name;
        String control = clients.settings().topics().control();
        return new TrainingLog(
                "worker " + instance,
                clients.topics(),
                clients.transactionalProducer("%s-worker-%s".formatted(control, instance)),
                clients.producer("worker-progress-" + instance));
    }

    /** Writes an event that consumes nothing. */
    void write(TrainingEvent event) {
        Consumed.transaction(events, () -> send(event));
    }

    /** Writes an event together with the offset of the record it came from. */
    void write(TrainingEvent event, Consumed consumed) {
        consumed.commitWith(events, () -> send(event));
    }

    /** Marks a record as done without an event. */
    void skip(Consumed consumed) {
        consumed.commitWith(events, () -> {});
    }

    /**
     * Hands a dataset on to the lanes, together with the offset it was read at.
     *
     * @param place its place among those it is trained beside: these go to one partition after the other
     */
    void handOn(TaskEvent event, int place, Consumed consumed) {
        String key = event.getModel() + "/" + event.getTask();
        consumed.commitWith(events, () -> {
            var record =
                    new ProducerRecord<String, SpecificRecord>(lanes.name(), place % lanes.partitions(), key, event);
            cloudEvents.stamp(record.headers(), event, key, event.getAt());
            events.send(record);
        });
    }

    /** What people know the one who trains by. */
    String name() {
        return name;
    }

    /** How many partitions the lanes share. */
    int lanePartitions() {
        return lanes.partitions();
    }

    /** Says how far a run is; may get lost. */
    void progress(TrainingProgress now) {
        progress.send(new ProducerRecord<>(progressTopic, now.getRunId(), now));
    }

    private void send(TrainingEvent event) {
        var record = new ProducerRecord<String, SpecificRecord>(eventTopic, event.getModel(), event);
        cloudEvents.stamp(record.headers(), event, event.getModel() + "/" + event.getTask(), event.getAt());
        events.send(record);
    }

    @Override
    public void close() {
        events.close(Duration.ofSeconds(5));
        progress.close(Duration.ofSeconds(1));
    }
}
