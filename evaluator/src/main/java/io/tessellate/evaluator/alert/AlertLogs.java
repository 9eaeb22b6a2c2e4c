package io.tessellate.evaluator.alert;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.lifecycle.Services;
import java.util.List;
import java.util.function.Consumer;

/** The tails that feed a book of alerts. Whoever uses them starts them; whoever made them closes them. */
public final class AlertLogs implements Service {
    private final AlertBook book = new AlertBook();
    private final LogTail<?> alerts;
    private final LogTail<?> updates;
    private final Services services;

    /** Tails that have not begun. */
    public AlertLogs(KafkaClients clients) {
        this(clients, alert -> {});
    }

    /**
     * The same, with somebody who hears of every alert.
     *
     * @param raised called in the thread that reads
     */
    public AlertLogs(KafkaClients clients, Consumer<RaisedAlert> raised) {
        alerts = new LogTail<>(clients, clients.topics().alerts(), entry -> {
            RaisedAlert alert = AlertCodec.alert(entry.value());
            book.apply(alert);
            raised.accept(alert);
        });
        updates = new LogTail<>(
                clients, clients.topics().alertUpdates(), entry -> AlertUpdateCodec.tell(entry.value(), book));
        services = new Services("alerts", tails());
    }

    /** What they feed. */
    public AlertBook book() {
        return book;
    }

    /** For whoever waits for several at once. */
    public List<LogTail<?>> tails() {
        return List.of(alerts, updates);
    }

    /** What tells the book of alerts. */
    LogTail<?> alerts() {
        return alerts;
    }

    /** What tells the book of all that is done about them. */
    LogTail<?> updates() {
        return updates;
    }

    @Override
    public String name() {
        return services.name();
    }

    @Override
    public void start() {
        services.start();
    }

    @Override
    public Health health() {
        return services.health();
    }

    @Override
    public void close() {
        services.close();
    }
}
