package io.tessellate.ingest;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serde that always speaks in the name of one topic, so that values in internal topics follow the schema registered for that
 * topic and need no subjects of their own.
 */
record PinnedSerde<V>(String topic, Serde<V> serde) implements Serde<V> {
    @Override
    public Serializer<V> serializer() {
        Serializer<V> inner = serde.serializer();
        return (ignored, value) -> inner.serialize(topic, value);
    }

    @Override
    public Deserializer<V> deserializer() {
        Deserializer<V> inner = serde.deserializer();
        return (ignored, bytes) -> inner.deserialize(topic, bytes);
    }
}
