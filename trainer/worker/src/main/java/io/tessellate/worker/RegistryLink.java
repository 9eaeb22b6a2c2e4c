package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryCommands;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.KafkaFailures;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** The mask registry as a worker sees it: commands go to one topic, answers come back on the registry's log. */
final class RegistryLink implements MaskRegistry {
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Lineage lineage = new Lineage();
    private final LogTail<io.tessellate.event.RegistryEvent> log;
    private final LogTail<TrainingEvent> trainings;
    private final Set<RunId> failed = ConcurrentHashMap.newKeySet();
    private final RegistryCommands commands;
    private final Producer<String, SpecificRecord> producer;
    private final String commandTopic;
    private final Duration patience;

    RegistryLink(KafkaClients clients, Clock clock, Duration patience) {
        this.log = new LogTail<>(
                clients,
                clients.topics().registry(),
                entry -> lineage.apply(RegistryEventCodec.fromAvro(entry.value())));
        this.trainings = new LogTail<>(clients, clients.topics().trainings(), entry -> note(entry.value()));
        this.commands = new RegistryCommands(clock, () -> UUID.randomUUID().toString());
        this.producer = clients.producer("worker-commands-" + clients.settings().instanceId());
        this.commandTopic = clients.topics().registryCommands().name();
        this.patience = patience;
    }

    void start() {
        log.start();
        trainings.start();
    }

    @Override
    public Health health() {
        return log.health().and(trainings.health());
    }

    @Override
    public ModelLine model(ModelName model) {
        log.awaitCaughtUp(patience);
        return lineage.require(model);
    }

    @Override
    public Reservation reserve(TaskId task, RunId run, MaskRequest wish, Cancellation cancellation) {
        RegistryCommand command = commands.reserve(task, run, wish);
        send(command);
        await(() -> lineage.answer(task.model(), command.getCommandId()).isPresent(), "a reservation", cancellation);
        LoggedEvent answer =
                lineage.answer(task.model(), command.getCommandId()).orElseThrow();
        if (answer.event() instanceof RegistryEvent.CommandRejected rejected) {
            throw refusal(rejected);
        }
        return lineage.require(task.model())
                .reservation(run)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.FENCED, "the reservation of %s for %s was taken over".formatted(run, task)));
    }

    /** A model that waits for a person goes on by itself afterwards; so does what asks for it. */
    private static TessellateException refusal(RegistryEvent.CommandRejected rejected) {
        return rejected.code() == ErrorCode.MODEL_PARKED
                ? new RetriableException(rejected.code(), rejected.message())
                : new TessellateException(rejected.code(), rejected.message());
    }

    @Override
    public boolean ended(TaskId task, RunId run) {
        return failed.contains(run)
                || lineage.model(task.model()).filter(line -> ended(line, run)).isPresent();
    }

    private static boolean ended(ModelLine line, RunId run) {
        boolean refused =
                line.lastRejection(run).isPresent() && line.reservation(run).isEmpty();
        return line.versionOf(run).isPresent() || refused;
    }

    private void note(TrainingEvent event) {
        if (event.getFailed() != null) {
            failed.add(new RunId(event.getRunId()));
        }
    }

    @Override
    public Optional<RegistryEvent.AdapterRejected> verdict(
            TaskId task, RunId run, long token, Cancellation cancellation) {
        await(() -> decided(task, run, token), "the verdict on " + run, cancellation);
        return lineage.require(task.model()).rejection(run, token);
    }

    private boolean decided(TaskId task, RunId run, long token) {
        ModelLine line = lineage.require(task.model());
        return line.versionOf(run).isPresent()
                || line.rejection(run, token).isPresent()
                || line.parked().isPresent();
    }

    private void await(BooleanSupplier condition, String what, Cancellation cancellation) {
        long end = System.nanoTime() + patience.toNanos();
        while (!log.await(condition, LOOK)) {
            cancellation.check();
            if (System.nanoTime() > end) {
                throw new RetriableException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "the registry gave no answer on %s for %s".formatted(what, patience));
            }
        }
    }

    private void send(RegistryCommand command) {
        try {
            producer.send(new ProducerRecord<>(commandTopic, command.getModel(), command))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException | KafkaException e) {
            throw KafkaFailures.of("cannot send a command to the registry", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        log.close();
        trainings.close();
    }
}
