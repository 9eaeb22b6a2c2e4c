package io.tessellate.registry.topology;

import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.ModelName;
import io.tessellate.registry.command.CommandEnvelope;
import io.tessellate.registry.command.CommandReader;
import io.tessellate.topic.AvroSerdes;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What was reported of models while they were parked, in the order in which it came. It lies in a store of its own, so that a
 * finished training outlives any number of restarts.
 */
final class WaitingReports {
    private static final char TRAINING = 'T';
    private static final char ROW = 'R';

    private final KeyValueStore<Bytes, byte[]> store;
    private final Topic<TrainingEvent> trainings;
    private final Topic<ForgettingRow> rows;
    private final Serde<TrainingEvent> trainingSerde;
    private final Serde<ForgettingRow> rowSerde;

    /** A report with the key it is kept under. */
    record Waiting(Bytes key, CommandEnvelope envelope) {}

    WaitingReports(KeyValueStore<Bytes, byte[]> store, TopicCatalogue topics, AvroSerdes serdes) {
        this.store = store;
        this.trainings = topics.trainings();
        this.rows = topics.forgetting();
        this.trainingSerde = serdes.of(trainings);
        this.rowSerde = serdes.of(rows);
    }

    /** Keeps a report behind those that wait already. */
    void keep(CommandEnvelope envelope) {
        SpecificRecord report = envelope.report();
        if (report instanceof TrainingEvent event) {
            put(envelope.model(), TRAINING, trainingSerde.serializer().serialize(trainings.name(), event));
        } else if (report instanceof ForgettingRow row) {
            put(envelope.model(), ROW, rowSerde.serializer().serialize(rows.name(), row));
        } else {
            throw new IllegalStateException("only reports wait, not " + envelope.command());
        }
    }

    /** What waits for a model. */
    List<Waiting> of(ModelName model) {
        List<Waiting> all = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = entries(model)) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                envelope(entry).ifPresent(envelope -> all.add(new Waiting(entry.key, envelope)));
            }
        }
        return all;
    }

    /** Forgets a report that was decided. */
    void remove(Waiting waiting) {
        store.delete(waiting.key());
    }

    private Optional<CommandEnvelope> envelope(KeyValue<Bytes, byte[]> entry) {
        byte[] key = entry.key.get();
        return key[key.length - 1] == TRAINING
                ? CommandReader.read(trainingSerde.deserializer().deserialize(trainings.name(), entry.value))
                : CommandReader.read(rowSerde.deserializer().deserialize(rows.name(), entry.value));
    }

    private void put(ModelName model, char kind, byte[] bytes) {
        store.put(key(model, last(model) + 1, kind), bytes);
    }

    private long last(ModelName model) {
        long last = 0;
        try (KeyValueIterator<Bytes, byte[]> entries = entries(model)) {
            while (entries.hasNext()) {
                String key = new String(entries.next().key.get(), StandardCharsets.UTF_8);
                last = Long.parseLong(key.substring(key.indexOf('/') + 1, key.length() - 1));
            }
        }
        return last;
    }

    private KeyValueIterator<Bytes, byte[]> entries(ModelName model) {
        return store.range(key(model, 0, ROW), key(model, Long.MAX_VALUE, TRAINING));
    }

    private static Bytes key(ModelName model, long place, char kind) {
        return Bytes.wrap(
                String.format(Locale.ROOT, "%s/%019d%s", model, place, kind).getBytes(StandardCharsets.UTF_8));
    }
}
