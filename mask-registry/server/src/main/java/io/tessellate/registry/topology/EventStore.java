package io.tessellate.registry.topology;

import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.registry.command.RegistryState;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The log of each model as it lies in the state store: one entry per event under {@code model/sequence}, its value the
 * bytes that were appended to the registry's topic.
 */
final class EventStore {
    private final KeyValueStore<Bytes, byte[]> store;
    private final Serde<RegistryEvent> serde;
    private final String topic;

    EventStore(KeyValueStore<Bytes, byte[]> store, Serde<RegistryEvent> serde, String topic) {
        this.store = store;
        this.serde = serde;
        this.topic = topic;
    }

    /** Appends an event and returns its bytes. */
    byte[] append(LoggedEvent entry) {
        byte[] bytes = serde.serializer().serialize(topic, RegistryEventCodec.toAvro(entry));
        store.put(key(entry.model(), entry.sequence()), bytes);
        return bytes;
    }

    /** The state of a model, rebuilt from its log. */
    RegistryState load(ModelName model) {
        RegistryState state = new RegistryState(model);
        try (KeyValueIterator<Bytes, byte[]> log = store.range(key(model, 1), key(model, Long.MAX_VALUE))) {
            while (log.hasNext()) {
                KeyValue<Bytes, byte[]> entry = log.next();
                state.replay(RegistryEventCodec.fromAvro(serde.deserializer().deserialize(topic, entry.value)));
            }
        }
        return state;
    }

    /** Sorts as (model, sequence): no model's name holds a slash, all numbers have the same length. */
    private static Bytes key(ModelName model, long sequence) {
        return Bytes.wrap(
                String.format(Locale.ROOT, "%s/%019d", model, sequence).getBytes(StandardCharsets.UTF_8));
    }
}
