package io.tessellate.evaluator.scoring;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.event.EvaluateTask;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes jobs, or scores, and the offset of the record they answer in one transaction: whoever reads committed records sees
 * all of them once, whatever crashed before.
 */
final class EvaluationLog implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/evaluator");

    private final Producer<String, SpecificRecord> producer;
    private final String topic;
    private final Topic<EvaluateTask> jobs;

    /** A log through a producer whose transactions are initialised; it closes the producer. */
    EvaluationLog(TopicCatalogue topics, Producer<String, SpecificRecord> producer) {
        this.topic = topics.evaluations().name();
        this.jobs = topics.evaluationJobs();
        this.producer = producer;
    }

    /**
     * Hands out the tasks of a version.
     *
     * @param at when the version was made
     */
    void handOut(int version, List<CommittedVersion> tasks, Instant at, Consumed consumed) {
        consumed.commitWith(producer, () -> tasks.forEach(commit -> handOut(version, commit, at)));
    }

    /**
     * The tasks of a model go to one partition after the other, so that evaluators share them evenly; a task always to the same, so that
     * whoever has scored it has read its examples.
     */
    private void handOut(int version, CommittedVersion commit, Instant at) {
        EvaluateTask event = new EvaluationJob(version, commit.task()).event(at);
        int first = commit.task().model().value().hashCode();
        int partition = Math.floorMod(first + commit.number(), jobs.partitions());
        String key = commit.task().toString();
        var record = new ProducerRecord<String, SpecificRecord>(jobs.name(), partition, key, event);
        EVENTS.stamp(record.headers(), event, key, at);
        producer.send(record);
    }

    /** Publishes scores. */
    void publish(List<Evaluation> evaluations, Consumed consumed) {
        consumed.commitWith(producer, () -> evaluations.forEach(this::send));
    }

    private void send(Evaluation evaluation) {
        EvaluationCompleted event = EvaluationCodec.event(evaluation);
        var record = new ProducerRecord<String, SpecificRecord>(topic, event.getModel(), event);
        EVENTS.stamp(record.headers(), event, event.getModel() + "/" + event.getTask(), event.getAt());
        producer.send(record);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
