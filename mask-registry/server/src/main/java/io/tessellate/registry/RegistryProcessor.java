package io.tessellate.registry;

import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.LoggedEvent;
import io.tessellate.lineage.RegistryEventCodec;
import io.tessellate.topic.CloudEvents;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands and appends what follows to the log: to the store and, in the same transaction, to the registry's topic.
 * The states in memory are a cache of the store; it is dropped whenever Streams starts the task again.
 */
final class RegistryProcessor implements Processor<String, CommandEnvelope, String, byte[]> {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/mask-registry");

    private final RegistryTopology topology;
    private final Serde<RegistryEvent> serde;
    private final Map<ModelName, RegistryState> states = new HashMap<>();
    private final EventJournal journal = new EventJournal();
    private @Nullable ProcessorContext<String, byte[]> context;
    private @Nullable EventStore store;
    private OwnershipLedger ledger;

    RegistryProcessor(RegistryTopology topology) {
        this.topology = topology;
        this.serde = topology.serdes().of(RegistryEvent.class);
        this.ledger = new OwnershipLedger(topology.blobs());
    }

    @Override
    public void init(ProcessorContext<String, byte[]> processorContext) {
        context = processorContext;
        store = new EventStore(
                processorContext.getStateStore(RegistryTopology.LEDGER),
                serde,
                topology.topics().registry().name());
        states.clear();
        ledger = new OwnershipLedger(topology.blobs());
    }

    @Override
    public void process(Record<String, CommandEnvelope> input) {
        if (context == null || store == null) {
            throw new IllegalStateException("process before init");
        }
        CommandEnvelope command = input.value();
        RegistryState state = states.computeIfAbsent(command.model(), store::load);
        Decision decision = topology.patience().call(() -> command.decide(state, ledger));
        Instant at = Instant.ofEpochMilli(context.currentSystemTimeMs());
        for (LoggedEvent entry : state.number(decision, command.commandId(), at)) {
            append(context, store, entry);
            state.replay(entry);
        }
    }

    private void append(ProcessorContext<String, byte[]> streams, EventStore events, LoggedEvent entry) {
        byte[] bytes = events.append(entry);
        var headers = new RecordHeaders();
        String subject = entry.model().value();
        EVENTS.stamp(headers, RegistryEventCodec.toAvro(entry), subject, entry.at());
        streams.forward(new Record<>(subject, bytes, entry.at().toEpochMilli(), headers));
        journal.write(entry);
    }
}
