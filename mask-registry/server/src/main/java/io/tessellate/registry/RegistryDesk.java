package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.RegistryCommand;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryCommands;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.KafkaFailures;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Where people ask the registry something: a command goes out, the answer comes back on the registry's log. */
public final class RegistryDesk {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LOOK_EVERY_MILLIS = 20;

    private final KafkaClients clients;
    private final Lineage lineage;
    private final RegistryCommands commands;

    /** A desk that reads answers from a fold which somebody else feeds. */
    public RegistryDesk(KafkaClients clients, Lineage lineage, Clock clock) {
        this.clients = clients;
        this.lineage = lineage;
        this.commands = new RegistryCommands(clock, () -> UUID.randomUUID().toString());
    }

    /**
     * Asks that a parked model goes on.
     *
     * @param who who asks
     * @param why what was done
     * @return the model as it is then
     * @throws TessellateException MODEL_PARKED while its reason still holds, INVALID_ARGUMENT if it is not parked
     */
    public ModelLine resume(ModelName model, String who, String why) {
        lineage.require(model);
        RegistryCommand command = commands.resume(model, who, why);
        send(command);
        LoggedEvent answer = await(command);
        if (answer.event() instanceof RegistryEvent.CommandRejected no) {
            throw new TessellateException(no.code(), no.message());
        }
        return lineage.require(model);
    }

    private void send(RegistryCommand command) {
        String topic = clients.topics().registryCommands().name();
        try (Producer<String, SpecificRecord> producer = clients.producer("registry-desk")) {
            producer.send(new ProducerRecord<>(topic, command.getModel(), command))
                    .get();
        } catch (ExecutionException | InterruptedException | KafkaException e) {
            throw KafkaFailures.of("the registry could not be asked", e);
        }
    }

    private LoggedEvent await(RegistryCommand command) {
        ModelName model = new ModelName(command.getModel());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<LoggedEvent> answer = lineage.answer(model, command.getCommandId());
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() > end) {
                throw new RetriableException(
                        ErrorCode.TIMEOUT, "the registry did not answer within %s".formatted(PATIENCE));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("waiting for the registry was interrupted", e);
        }
    }
}
