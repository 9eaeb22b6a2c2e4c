package io.tessellate.registry.client;

import io.tessellate.event.RegistryCommand;
import io.tessellate.runtime.kafka.KafkaFailures;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Where commands go, through one producer that is opened with the first of them. */
final class CommandTopic implements AutoCloseable {
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final String name;
    private final Supplier<Producer<String, SpecificRecord>> producers;
    private @Nullable Producer<String, SpecificRecord> producer;

    CommandTopic(String name, Supplier<Producer<String, SpecificRecord>> producers) {
        this.name = name;
        this.producers = producers;
    }

    /** Returns once the broker has the command; a fault of broker or network is retriable. */
    void send(RegistryCommand command, Duration patience) {
        try {
            open().send(new ProducerRecord<>(name, command.getModel(), command))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException | KafkaException e) {
            throw KafkaFailures.of("the registry could not be asked", e);
        }
    }

    private synchronized Producer<String, SpecificRecord> open() {
        Producer<String, SpecificRecord> known = producer;
        if (known == null) {
            known = producers.get();
            producer = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(FAREWELL);
            producer = null;
        }
    }
}
