package io.tessellate.pipeline.unused;

import io.tessellate.event.FilesRemoved;
import io.tessellate.lineage.log.Author;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.KafkaFailures;
import io.tessellate.topic.CloudEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Says who removes what, and why, and what of it is gone. It names no file: what a record names is needed. */
final class RemovalLog implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/gc");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Producer<String, SpecificRecord> producer;
    private final String topic;
    private final Clock clock;

    RemovalLog(KafkaClients clients, Clock clock) {
        this.producer = clients.producer("gc-" + clients.settings().instanceId());
        this.topic = clients.topics().removals().name();
        this.clock = clock;
    }

    /** One that has begun. */
    @FunctionalInterface
    interface Removal {
        /** Says what is gone. */
        void ends(UnusedFound gone);
    }

    /** Says that files are about to go; nothing may be removed unless this returns. */
    Removal begins(UnusedFound found, Author author) {
        FilesRemoved begun = FilesRemoved.newBuilder()
                .setRemovalId(UUID.randomUUID().toString())
                .setWho(author.who())
                .setWhy(author.why())
                .setAt(now())
                .setBefore(Instant.ofEpochMilli(found.before().toEpochMilli()))
                .setFound(found.files().size())
                .setBytes(found.bytes())
                .build();
        send(begun);
        return gone -> send(FilesRemoved.newBuilder(begun)
                .setAt(now())
                .setRemoved((long) gone.files().size())
                .setRemovedBytes(gone.bytes())
                .build());
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private void send(FilesRemoved event) {
        var record = new ProducerRecord<String, SpecificRecord>(topic, event.getRemovalId(), event);
        EVENTS.stamp(record.headers(), event, event.getRemovalId(), event.getAt());
        try {
            producer.send(record).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException | KafkaException e) {
            throw KafkaFailures.of("what is removed could not be written to " + topic, e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
