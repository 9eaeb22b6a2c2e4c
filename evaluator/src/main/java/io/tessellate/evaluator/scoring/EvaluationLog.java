package io.tessellate.evaluator.scoring;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Publishes the scores of a version and the offset of the commit they answer in one transaction: whoever reads
 * committed records sees all of them once, whatever crashed before.
 */
final class EvaluationLog implements AutoCloseable {
    /** The record that was answered, and the membership under which it was read. */
    record Consumed(TopicPartition partition, long offset, ConsumerGroupMetadata group) {}

    private static final CloudEvents EVENTS = new CloudEvents("tessellate/evaluator");

    private final Producer<String, SpecificRecord> producer;
    private final String topic;

    /** A log through a producer whose transactions are initialised; it closes the producer. */
    EvaluationLog(TopicCatalogue topics, Producer<String, SpecificRecord> producer) {
        this.topic = topics.evaluations().name();
        this.producer = producer;
    }

    void publish(List<Evaluation> evaluations, Consumed consumed) {
        producer.beginTransaction();
        try {
            evaluations.forEach(this::send);
            producer.sendOffsetsToTransaction(
                    Map.of(consumed.partition(), new OffsetAndMetadata(consumed.offset() + 1)), consumed.group());
            producer.commitTransaction();
        } catch (KafkaException e) {
            abort(e);
            throw e;
        }
    }

    private void send(Evaluation evaluation) {
        EvaluationCompleted event = EvaluationCodec.event(evaluation);
        var record = new ProducerRecord<String, SpecificRecord>(topic, event.getModel(), event);
        EVENTS.stamp(record.headers(), event, event.getModel() + "/" + event.getTask(), event.getAt());
        producer.send(record);
    }

    private void abort(KafkaException cause) {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
