package io.tessellate.evaluator.alert;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.event.AlertUpdate;
import io.tessellate.lineage.log.Author;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.KafkaFailures;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.topic.CloudEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Where people act on alerts: each act is an event with who and why, and is in the book before this returns. */
public final class AlertDesk implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/alerts");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final KafkaClients clients;
    private final AlertLogs logs;
    private final Clock clock;
    private @Nullable Producer<String, SpecificRecord> producer;

    /** A desk over a book that somebody else feeds. */
    public AlertDesk(KafkaClients clients, AlertLogs logs, Clock clock) {
        this.clients = clients;
        this.logs = logs;
        this.clock = clock;
    }

    /** Says who looks after an alert; UNKNOWN_ALERT if there is none. Who does so first stays. */
    public ListedAlert acknowledge(String alert, Author author) {
        ListedAlert known = book().require(alert, now());
        if (known.acknowledged() == null) {
            AlertUpdate update = AlertUpdateCodec.acknowledged(fresh(), alert, author, now());
            send(alert, update, () -> book().acknowledgement(alert).isPresent());
        }
        return book().require(alert, now());
    }

    /** Keeps alerts from being sent for a time; INVALID_ARGUMENT unless that is a while and no longer than its event is kept. */
    public Silence silence(Silence.Scope scope, Duration length, Author author) {
        Instant from = now();
        Silence silence = new Silence(
                "silence_" + fresh(), scope, from, from.plus(Silence.required(length)), author.who(), author.why());
        send(silence.id(), AlertUpdateCodec.silenced(silence), () -> lasts(silence.id(), from));
        return book().requireSilence(silence.id(), from);
    }

    /** Ends a silence before its time; UNKNOWN_ALERT if it does not last. */
    public Silence lift(String silence, Author author) {
        Silence known = book().requireSilence(silence, now());
        send(silence, AlertUpdateCodec.lifted(fresh(), silence, author, now()), () -> !lasts(silence, now()));
        return known;
    }

    private boolean lasts(String silence, Instant at) {
        return book().silences(at).stream().anyMatch(one -> one.id().equals(silence));
    }

    /** The alerts it is about. */
    public AlertBook book() {
        return logs.book();
    }

    /** The time now, as its events say it. */
    public Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }

    /** Raises an alert that somebody found by looking, and nobody's event says. One that is known is not raised again. */
    public void raise(RaisedAlert alert) {
        if (book().knows(alert.id())) {
            return;
        }
        write(clients.topics().alerts().name(), alert.modelName(), AlertCodec.event(alert), alert.at());
        await(logs.alerts(), () -> book().knows(alert.id()));
    }

    private void send(String key, AlertUpdate update, BooleanSupplier known) {
        write(clients.topics().alertUpdates().name(), key, update, update.getAt());
        await(logs.updates(), known);
    }

    /**
     * Waits until the book knows it. To have read what is committed would not do: what is written lies behind the transaction of a sending that
     * is still open, if there is one, and is not to be read until that ends.
     */
    private static void await(LogTail<?> tail, BooleanSupplier known) {
        if (!tail.await(known, PATIENCE)) {
            throw new RetriableException(
                    ErrorCode.TIMEOUT,
                    "it is written, but %s did not come to it within %s: %s"
                            .formatted(tail.name(), PATIENCE, tail.health().detail()));
        }
    }

    private void write(String topic, String key, SpecificRecord event, Instant at) {
        var record = new ProducerRecord<String, SpecificRecord>(topic, key, event);
        EVENTS.stamp(record.headers(), event, key, at);
        try {
            open().send(record).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException | KafkaException e) {
            throw KafkaFailures.of("what is done about an alert could not be written", e);
        }
    }

    private synchronized Producer<String, SpecificRecord> open() {
        Producer<String, SpecificRecord> known = producer;
        if (known == null) {
            known = clients.producer("alerts-" + clients.settings().instanceId());
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
