package io.tessellate.evaluator.scoring;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes the scores of a version and the offset of the commit they answer in one transaction: whoever reads
 * committed records sees all of them once, whatever crashed before.
 */
final class EvaluationLog implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/evaluator");

    private final Producer<String, SpecificRecord> producer;
    private final String topic;

    /** A log through a producer whose transactions are initialised; it closes the producer. */
    EvaluationLog(TopicCatalogue topics, Producer<String, SpecificRecord> producer) {
        this.topic = topics.evaluations().name();
        this.producer = producer;
    }

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
