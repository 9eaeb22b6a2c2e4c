package io.tessellate.registry.topology;

import io.tessellate.registry.command.CommandEnvelope;
import io.tessellate.registry.command.CommandReader;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.PassedOver;
import io.tessellate.runtime.kafka.RecordReader;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * One subtopology: everything that concerns a model lies in one partition number of three co-partitioned topics, hence is
 * decided by one task, in one order.
 *
 * @param topics names and partitions of the topics
 * @param serdes serdes of the events
 * @param blobs where bases and adapters lie
 * @param passedOver where records are noted that cannot be decoded
 * @param patience with the blob store and the schema registry
 */
public record RegistryTopology(
        TopicCatalogue topics, AvroSerdes serdes, BlobStore blobs, PassedOver passedOver, Retry patience) {
    static final String DECIDE = "decide";
    static final String LEDGER = "ledger";
    static final String LOG = "log";
    static final String WAITING = "waiting";

    public Topology build() {
        Topology topology = new Topology();
        source(topology, "commands", topics.registryCommands(), CommandReader::read);
        source(topology, "trainings", topics.trainings(), CommandReader::read);
        source(topology, "forgetting", topics.forgetting(), CommandReader::read);
        topology.addProcessor(
                DECIDE, () -> new RegistryProcessor(this), "read-commands", "read-trainings", "read-forgetting");
        topology.addStateStore(store(LEDGER), DECIDE);
        topology.addStateStore(store(WAITING), DECIDE);
        topology.addSink(LOG, topics.registry().name(), new StringSerializer(), new ByteArraySerializer(), DECIDE);
        return topology;
    }

    private <V extends SpecificRecord> void source(
            Topology topology, String name, Topic<V> topic, Function<V, Optional<CommandEnvelope>> reader) {
        topology.addSource(name, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic.name());
        topology.addProcessor(
                "read-" + name,
                () -> new DecodingProcessor<>(
                        new RecordReader<>(topic, serdes.of(topic).deserializer(), passedOver),
                        reader,
                        topics.partitions(),
                        patience),
                name);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
    }
}
