package io.tessellate.evaluator.webhook;

import io.tessellate.evaluator.alert.AlertUpdateCodec;
import io.tessellate.evaluator.alert.Delivery;
import io.tessellate.event.AlertUpdate;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.Consumed;
import io.tessellate.topic.CloudEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Writes how sendings ended, with the offsets behind them, in one transaction. */
final class DeliveryLog implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/alerts");

    private final String topic;
    private final Producer<String, SpecificRecord> producer;

    DeliveryLog(KafkaClients clients, Webhook endpoint) {
        this(
                clients.topics().alertUpdates().name(),
                clients.transactionalProducer("%s-alerts-%s-%s"
                        .formatted(
                                clients.settings().topics().control(),
                                endpoint.name(),
                                clients.settings().instanceId())));
    }

    DeliveryLog(String topic, Producer<String, SpecificRecord> producer) {
        this.topic = topic;
        this.producer = producer;
    }

    void publish(List<Delivery> ended, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        Consumed.transaction(producer, () -> {
            ended.forEach(delivery -> producer.send(record(delivery)));
            producer.sendOffsetsToTransaction(offsets, group);
        });
    }

    private ProducerRecord<String, SpecificRecord> record(Delivery delivery) {
        AlertUpdate update = AlertUpdateCodec.delivery(UUID.randomUUID().toString(), delivery);
        var record = new ProducerRecord<String, SpecificRecord>(topic, delivery.alert(), update);
        EVENTS.stamp(record.headers(), update, delivery.alert(), delivery.at());
        return record;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
