package io.tessellate.runtime.kafka;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes the clients a process needs, all alike: keys are strings, values Avro in Confluent's wire format, readers see
 * committed records only, writers wait for all replicas. Every client belongs to whoever asked for it and is closed by
 * them.
 */
public final class KafkaClients implements AutoCloseable {
    private static final int FETCH_WAIT_MILLIS = 100;
    private static final int FOLLOWING_WAIT_MILLIS = 500;

    private final KafkaSettings settings;
    private final TopicCatalogue topics;
    private final SchemaRegistryClient registry;
    private final AvroSerdes serdes;
    private final PassedOver passedOver;
    private final LogEnds ends = new LogEnds(this::admin);

    /** Clients of one broker and one schema registry. Nothing is connected yet. */
    public KafkaClients(KafkaSettings settings) {
        this(settings, new SimpleMeterRegistry());
    }

    /** The same, with a place where what their readers pass over is counted. */
    public KafkaClients(KafkaSettings settings, MeterRegistry meters) {
        this.settings = settings;
        this.passedOver = new PassedOver(meters);
        this.topics = new TopicCatalogue(settings.topics());
        this.registry = AvroSerdes.client(settings.schemaRegistryUrl(), registryProperties(settings));
        this.serdes = new AvroSerdes(registry, false);
    }

    /** What the clients were made from. */
    public KafkaSettings settings() {
        return settings;
    }

    /** All topics by their configured names. */
    public TopicCatalogue topics() {
        return topics;
    }

    /** The one client of the schema registry; it caches. */
    public SchemaRegistryClient registry() {
        return registry;
    }

    /** Serdes on {@link #registry()}. */
    public AvroSerdes serdes() {
        return serdes;
    }

    /** A client for topics, groups and offsets. */
    public Admin admin() {
        return Admin.create(settings.clientProperties());
    }

    /** An idempotent producer for any topic of the catalogue. */
    public Producer<String, SpecificRecord> producer(String clientId) {
        return new KafkaProducer<>(producerProperties(clientId), new StringSerializer(), serializer());
    }

    /**
     * A transactional producer for any topic of the catalogue, already initialised: an earlier producer of the same id
     * is fenced from here on.
     */
    public Producer<String, SpecificRecord> transactionalProducer(String transactionalId) {
        return transactional(transactionalId, serializer());
    }

    /** The same for values that are bytes already. */
    public Producer<String, byte[]> transactionalBytesProducer(String transactionalId) {
        return transactional(transactionalId, new ByteArraySerializer());
    }

    private <V> Producer<String, V> transactional(String transactionalId, Serializer<V> values) {
        Map<String, Object> properties = producerProperties(transactionalId);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        Producer<String, V> producer = new KafkaProducer<>(properties, new StringSerializer(), values);
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
        return producer;
    }

    /** Decodes a topic's records; what it cannot use is logged once, counted and passed over. */
    public <V> RecordReader<V> reader(Topic<V> topic) {
        return new RecordReader<>(topic, serdes.of(topic).deserializer(), passedOver);
    }

    /** Where records are noted that no reader of this process can use. */
    public PassedOver passedOver() {
        return passedOver;
    }

    /** A member of a group that reads committed bytes and commits nothing by itself. It is not yet subscribed. */
    public Consumer<byte[], byte[]> groupConsumer(String groupId, Map<String, ?> overrides) {
        Map<String, Object> properties = consumerProperties(groupId);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        properties.putAll(overrides);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A reader of committed bytes without a group, to be assigned partitions. A broker answers a connection's requests one
     * after the other, so that a question for a log's end waits until a fetch that finds nothing has waited: it does not wait long.
     */
    public Consumer<byte[], byte[]> rawConsumer(String clientId) {
        return unassigned(clientId, FETCH_WAIT_MILLIS);
    }

    /** The same for who reads on for good and asks {@link #ends()} where logs end: a fetch that finds nothing costs both sides something. */
    Consumer<byte[], byte[]> followingConsumer(String clientId) {
        return unassigned(clientId, FOLLOWING_WAIT_MILLIS);
    }

    private Consumer<byte[], byte[]> unassigned(String clientId, int fetchWaitMillis) {
        Map<String, Object> properties = consumerProperties(clientId);
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, fetchWaitMillis);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Where logs end now. */
    LogEnds ends() {
        return ends;
    }

    /** Releases the registry client and what asks for logs' ends. */
    @Override
    public void close() {
        ends.close();
        try {
            registry.close();
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, "cannot close the registry client", e);
        }
    }

    private Map<String, Object> producerProperties(String clientId) {
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        return properties;
    }

    private Map<String, Object> consumerProperties(String clientId) {
        Map<String, Object> properties = settings.clientProperties();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    private Serializer<SpecificRecord> serializer() {
        return serdes.serializer();
    }

    private static Map<String, String> registryProperties(KafkaSettings settings) {
        Map<String, String> own = new HashMap<>();
        settings.properties().forEach((key, value) -> {
            if (key.startsWith("schema.registry.")) {
                own.put(key, value);
            }
        });
        return own;
    }
}
