package io.tessellate.evaluator.topology;

import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serde of a state store that holds values of a topic: it writes with the schema registered for the topic, so that
 * changelog topics need no subjects of their own.
 */
final class TopicSerde<V extends SpecificRecord> implements Serde<V> {
    private final String topic;
    private final Serde<V> avro;

    TopicSerde(Topic<V> topic, AvroSerdes serdes) {
        this.topic = topic.name();
        this.avro = serdes.of(topic.valueType());
    }

    @Override
    public Serializer<V> serializer() {
        return (store, value) -> avro.serializer().serialize(topic, value);
    }

    @Override
    public Deserializer<V> deserializer() {
        return (store, bytes) -> avro.deserializer().deserialize(topic, bytes);
    }
}
