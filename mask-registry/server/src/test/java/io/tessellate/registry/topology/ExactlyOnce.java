package io.tessellate.registry.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryEvent;
import io.tessellate.registry.command.CommandEnvelope;
import io.tessellate.registry.command.Workshop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * What Streams does around the real processor, in memory: input position, store and output are committed together or not at
 * all, and after a crash the processor starts again on what was committed last.
 */
final class ExactlyOnce {
    private final RegistryTopology topology;
    private final Deserializer<RegistryEvent> values;
    private final List<CommandEnvelope> inputs = new ArrayList<>();
    private final List<byte[]> log = new ArrayList<>();
    private Map<Bytes, byte[]> committed = new TreeMap<>();
    private int committedPosition;

    private final MockProcessorContext<String, byte[]> context;

    private RegistryProcessor processor;
    private KeyValueStore<Bytes, byte[]> store;
    private int position;
    private int crashes;

    ExactlyOnce(RegistryTopology topology, Deserializer<RegistryEvent> values, Path directory) {
        this.topology = topology;
        this.values = values;
        this.context = context(directory);
        this.processor = new RegistryProcessor(topology);
        start();
    }

    void send(CommandEnvelope input) {
        inputs.add(input);
    }

    boolean idle() {
        return position == inputs.size();
    }

    /** The committed output. */
    List<byte[]> log() {
        return log;
    }

    int crashes() {
        return crashes;
    }

    /** Processes one input, or crashes over it if a dependency is away. */
    void step() {
        if (idle()) {
            return;
        }
        CommandEnvelope input = inputs.get(position);
        try {
            processor.process(new Record<>(input.model().value(), input, 0));
            position++;
        } catch (TessellateException e) {
            assertThat(e).as("only what may pass stops the processor").isInstanceOf(RetriableException.class);
            crash(false);
        }
    }

    void commit() {
        committed = contents();
        context.forwarded().forEach(forward -> log.add(forward.record().value()));
        context.resetForwards();
        committedPosition = position;
        assertThat(new ArrayList<>(committed.values()))
                .as("the store holds the log")
                .usingElementComparator(java.util.Arrays::compare)
                .isEqualTo(log);
    }

    /**
     * Loses everything since the last commit. Streams starts the same processor again after some failures and a new one after
     * others.
     *
     * @param storeToo whether the process ends and its store is restored from the log
     */
    void crash(boolean storeToo) {
        crashes++;
        if (storeToo) {
            committed = restored();
            processor = new RegistryProcessor(topology);
        }
        start();
    }

    private static MockProcessorContext<String, byte[]> context(Path directory) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "simulated");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused");
        var context = new MockProcessorContext<String, byte[]>(properties, new TaskId(0, 0), directory.toFile());
        context.setCurrentSystemTimeMs(Workshop.AT.toEpochMilli());
        return context;
    }

    private void start() {
        context.resetForwards();
        store = store(RegistryTopology.LEDGER);
        store(RegistryTopology.WAITING);
        committed.forEach(store::put);
        processor.init(context);
        position = committedPosition;
    }

    private KeyValueStore<Bytes, byte[]> store(String name) {
        KeyValueStore<Bytes, byte[]> made = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        made.init(context.getStateStoreContext(), made);
        return made;
    }

    private Map<Bytes, byte[]> contents() {
        Map<Bytes, byte[]> contents = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                contents.put(entry.key, entry.value);
            }
        }
        return contents;
    }

    private Map<Bytes, byte[]> restored() {
        Map<Bytes, byte[]> contents = new TreeMap<>();
        for (byte[] bytes : log) {
            RegistryEvent event =
                    values.deserialize(topology.topics().registry().name(), bytes);
            String key = String.format(Locale.ROOT, "%s/%019d", event.getModel(), event.getSequence());
            contents.put(Bytes.wrap(key.getBytes(StandardCharsets.UTF_8)), bytes);
        }
        return contents;
    }
}
