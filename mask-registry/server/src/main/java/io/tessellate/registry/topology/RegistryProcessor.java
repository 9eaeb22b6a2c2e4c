package io.tessellate.registry.topology;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryEvent;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.registry.command.CommandEnvelope;
import io.tessellate.registry.command.Decision;
import io.tessellate.registry.command.RegistryCommand;
import io.tessellate.registry.command.RegistryState;
import io.tessellate.registry.ledger.ModelDamagedException;
import io.tessellate.registry.ledger.OwnershipLedger;
import io.tessellate.topic.CloudEvents;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides commands and appends what follows to the log: to the store and, in the same transaction, to the registry's topic.
 * The states in memory are a cache of the store; it is dropped whenever Streams starts the task again.
 *
 * <p>Whatever goes wrong over one command is that command's, or its model's: it is refused, or the model is parked and what is
 * reported of it waits. Only what can pass by itself goes up and stops the thread for a moment.
 */
final class RegistryProcessor implements Processor<String, CommandEnvelope, String, byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryProcessor.class);
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/mask-registry");

    private final RegistryTopology topology;
    private final Serde<RegistryEvent> serde;
    private final Map<ModelName, RegistryState> states = new HashMap<>();
    private final EventJournal journal = new EventJournal();
    private @Nullable Running running;

    /** What it has while Streams runs it. */
    private record Running(
            ProcessorContext<String, byte[]> context,
            EventStore store,
            WaitingReports waiting,
            OwnershipLedger ledger) {}

    RegistryProcessor(RegistryTopology topology) {
        this.topology = topology;
        this.serde = topology.serdes().of(RegistryEvent.class);
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        states.clear();
        running = new Running(
                context,
                new EventStore(
                        context.getStateStore(RegistryTopology.LEDGER),
                        serde,
                        topology.topics().registry().name()),
                new WaitingReports(
                        context.getStateStore(RegistryTopology.WAITING), topology.topics(), topology.serdes()),
                new OwnershipLedger(topology.blobs()));
    }

    @Override
    public void process(Record<String, CommandEnvelope> input) {
        Running now = running();
        CommandEnvelope envelope = input.value();
        RegistryState state = states.computeIfAbsent(envelope.model(), now.store::load);
        boolean held = state.parked().isPresent() || state.awaitsVerdict();
        if (!decide(now, state, envelope)) {
            now.waiting.keep(envelope);
            LOG.warn(
                    "{} {}: {} waits",
                    envelope.model(),
                    state.parked().isPresent() ? "is parked" : "has no verdict on its newest version yet",
                    envelope.command());
        } else if (held && state.parked().isEmpty() && !state.awaitsVerdict()) {
            catchUp(now, state);
        }
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("process before init");
        }
        return running;
    }

    /**
     * Decides what was reported while the model was held up, until something parks it again. A commit that waits for a verdict does not
     * hold up the verdict behind it.
     */
    private void catchUp(Running now, RegistryState state) {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = false;
            for (WaitingReports.Waiting report : now.waiting.of(state.model())) {
                if (decide(now, state, report.envelope())) {
                    now.waiting.remove(report);
                    goesOn = true;
                } else if (state.parked().isPresent()) {
                    return;
                }
            }
        }
    }

    /** Decides a command and appends what follows; false if it has to wait because its model is parked or has no verdict yet. */
    private boolean decide(Running now, RegistryState state, CommandEnvelope envelope) {
        if (envelope.isAnswered(state)) {
            return true;
        }
        RegistryCommand command = envelope.command();
        if (state.parked().isPresent()) {
            String reason = "model %s is parked: %s"
                    .formatted(state.model(), state.parked().get().reason());
            switch (command.whileParked()) {
                case KEPT -> {
                    return false;
                }
                case REFUSED -> {
                    append(now, state, envelope, command.refused(ErrorCode.MODEL_PARKED, reason));
                    return true;
                }
                case DECIDED -> {}
            }
        }
        if (command.awaitsVerdict(state)) {
            return false;
        }
        try {
            append(now, state, envelope, outcome(now, state, command));
            return true;
        } catch (ModelDamagedException e) {
            return park(now, state, envelope, e);
        }
    }

    /** The model is parked. Who asks is told so, and what is reported waits. */
    private boolean park(Running now, RegistryState state, CommandEnvelope envelope, ModelDamagedException damage) {
        boolean kept = envelope.command().whileParked() == RegistryCommand.WhileParked.KEPT;
        if (!kept) {
            String reason = "model %s is parked: %s"
                    .formatted(state.model(), damage.parked().reason());
            append(now, state, envelope, envelope.command().refused(ErrorCode.MODEL_PARKED, reason));
        }
        append(now, state, null, Decision.of(damage.parked()));
        return !kept;
    }

    /** What a command comes to; a defect met over it is its refusal, not the end of everybody's. */
    private Decision outcome(Running now, RegistryState state, RegistryCommand command) {
        try {
            return topology.patience().call(() -> command.decide(state, now.ledger));
        } catch (RetriableException | StoppedException | ModelDamagedException e) {
            throw e;
        } catch (TessellateException e) {
            return command.refused(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{}: {} cannot be decided", state.model(), command, e);
            return command.refused(ErrorCode.DEFECT, "the registry met a defect over it: " + e);
        }
    }

    private void append(Running now, RegistryState state, @Nullable CommandEnvelope answered, Decision decision) {
        Instant at = Instant.ofEpochMilli(now.context.currentSystemTimeMs());
        List<LoggedEvent> entries = state.number(decision, answered == null ? null : answered.commandId(), at);
        for (LoggedEvent entry : entries) {
            append(now, entry);
            state.replay(entry);
        }
    }

    private void append(Running now, LoggedEvent entry) {
        byte[] bytes = now.store.append(entry);
        var headers = new RecordHeaders();
        String subject = entry.model().value();
        EVENTS.stamp(headers, RegistryEventCodec.toAvro(entry), subject, entry.at());
        now.context.forward(new Record<>(subject, bytes, entry.at().toEpochMilli(), headers));
        journal.write(entry);
    }
}
