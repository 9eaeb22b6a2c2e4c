package io.tessellate.registry;

import io.tessellate.dataset.RecordDecoder;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.retry.Retry;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
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
 * @param patience with the blob store and the schema registry
 */
record RegistryTopology(TopicCatalogue topics, AvroSerdes serdes, BlobStore blobs, Retry patience) {
    static final String DECIDE = "decide";
    static final String LEDGER = "ledger";
    static final String LOG = "log";

    Topology build() {
        Topology topology = new Topology();
        source(topology, "commands", topics.registryCommands(), CommandReader::read);
        source(topology, "trainings", topics.trainings(), CommandReader::read);
        source(topology, "forgetting", topics.forgetting(), CommandReader::read);
        topology.addProcessor(
                DECIDE, () -> new RegistryProcessor(this), "read-commands", "read-trainings", "read-forgetting");
        topology.addStateStore(store(), DECIDE);
        topology.addSink(LOG, topics.registry().name(), new StringSerializer(), new ByteArraySerializer(), DECIDE);
        return topology;
    }

    private <V extends SpecificRecord> void source(
            Topology topology, String name, Topic<V> topic, Function<V, Optional<CommandEnvelope>> reader) {
        Supplier<InputDecoder<V>> decoder =
                () -> new InputDecoder<>(topic, new RecordDecoder(serdes.registry()), reader);
        topology.addSource(name, new StringDeserializer(), new ByteArrayDeserializer(), topic.name());
        topology.addProcessor(
                "read-" + name, () -> new DecodingProcessor(decoder.get(), topics.partitions(), patience), name);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(LEDGER), Serdes.Bytes(), Serdes.ByteArray());
    }
}
