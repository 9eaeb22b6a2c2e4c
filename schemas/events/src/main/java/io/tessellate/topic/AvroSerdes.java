package io.tessellate.topic;

import static io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig.AUTO_REGISTER_SCHEMAS;
import static io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG;
import static io.confluent.kafka.serializers.KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG;
import static io.confluent.kafka.serializers.KafkaAvroSerializerConfig.AVRO_REMOVE_JAVA_PROPS_CONFIG;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serdes of the events: the genuine Confluent serializers, in Confluent's wire format.
 *
 * <p>A schema is registered by {@link TopicProvisioner}, not by the first who writes, unless {@code autoRegister} is set
 * (tests, foreign topics). Closing a serde leaves the registry client open: it is shared, and its owner closes it.
 */
public final class AvroSerdes {
    static {
        TrustedEvents.install();
    }

    private static final int CACHED_SCHEMAS = 1000;

    /** The client's own defaults block a caller for minutes, longer than a transaction may last; ours retry outside of it. */
    private static final Map<String, Object> IMPATIENT = Map.of(
            "schema.registry.http.connect.timeout.ms", "3000",
            "schema.registry.http.read.timeout.ms", "5000",
            "schema.registry.max.retries", "2",
            "schema.registry.retries.wait.ms", "200",
            "schema.registry.retries.max.wait.ms", "1000",
            "missing.id.cache.ttl.sec", 10L);

    private final SchemaRegistryClient registry;
    private final boolean autoRegister;

    /** Serdes that speak to a registry through a client of the caller's. */
    public AvroSerdes(SchemaRegistryClient registry, boolean autoRegister) {
        this.registry = registry;
        this.autoRegister = autoRegister;
    }

    /** Serdes that speak to the registry at a URL; {@code mock://name} is an in-memory one. */
    public AvroSerdes(String schemaRegistryUrl, boolean autoRegister) {
        this(client(schemaRegistryUrl, Map.of()), autoRegister);
    }

    /** A caching client for the registry at a URL, with further client settings such as credentials. */
    public static SchemaRegistryClient client(String schemaRegistryUrl, Map<String, ?> settings) {
        if (schemaRegistryUrl.startsWith("mock://")) {
            return MockSchemaRegistry.getClientForScope(
                    schemaRegistryUrl.substring("mock://".length()), List.of(new AvroSchemaProvider()));
        }
        Map<String, Object> all = new HashMap<>(IMPATIENT);
        all.putAll(settings);
        return new CachedSchemaRegistryClient(
                List.of(schemaRegistryUrl.split(",")), CACHED_SCHEMAS, List.of(new AvroSchemaProvider()), all);
    }

    /** The registry behind the serdes. */
    public SchemaRegistryClient registry() {
        return registry;
    }

    /** Serde of a topic's values; plain bytes where it has no schema. */
    public <V> Serde<V> of(Topic<V> topic) {
        if (!topic.hasSchema()) {
            return Serdes.serdeFrom(topic.valueType());
        }
        return avro(topic.valueType());
    }

    /** Serde of a generated Avro class. */
    public <V extends SpecificRecord> Serde<V> of(Class<V> valueType) {
        return avro(valueType);
    }

    private <V> Serde<V> avro(Class<V> valueType) {
        return Serdes.serdeFrom(serializer(), deserializer(valueType));
    }

    /** Serializer of any generated record; it is told the topic with every record. */
    public <V> Serializer<V> serializer() {
        var avro = new KafkaAvroSerializer(
                registry,
                Map.of(
                        SCHEMA_REGISTRY_URL_CONFIG,
                        "unused, a client is given",
                        AUTO_REGISTER_SCHEMAS,
                        autoRegister,
                        AVRO_REMOVE_JAVA_PROPS_CONFIG,
                        true));
        return avro::serialize;
    }

    private <V> Deserializer<V> deserializer(Class<V> valueType) {
        Schema schema = SpecificData.get().getSchema(valueType);
        var avro = new KafkaAvroDeserializer(
                registry,
                Map.of(SCHEMA_REGISTRY_URL_CONFIG, "unused, a client is given", SPECIFIC_AVRO_READER_CONFIG, true));
        return (topic, bytes) -> valueType.cast(avro.deserialize(topic, bytes, schema));
    }
}
