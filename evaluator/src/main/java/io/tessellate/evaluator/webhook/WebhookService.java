package io.tessellate.evaluator.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.tessellate.evaluator.alert.AlertLogs;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.StaticMember;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Sends alerts to all endpoints, each with clients and a thread of its own. Several processes share the alerts of an endpoint. */
public final class WebhookService implements Service {
    private static final int MOST_RECORDS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final AlertLogs logs;
    private final WebhookSettings settings;
    private final WebhookSender sender;
    private final MeterRegistry meters;
    private final List<StaticMember> members = new ArrayList<>();

    /**
     * A service that is not yet running.
     *
     * @param logs started and closed by somebody else
     */
    public WebhookService(
            KafkaClients clients,
            AlertLogs logs,
            WebhookSettings settings,
            WebhookSender sender,
            MeterRegistry meters) {
        this.clients = clients;
        this.logs = logs;
        this.settings = settings;
        this.sender = sender;
        this.meters = meters;
    }

    @Override
    public String name() {
        return "sending of alerts";
    }

    @Override
    public synchronized void start() {
        if (members.isEmpty()) {
            settings.endpoints().forEach(endpoint -> members.add(member(endpoint)));
        }
    }

    private StaticMember member(Webhook endpoint) {
        // Of all lives of its loop: a second gauge of the same name would be ignored, and the first stand still.
        DeliveryMeters counts = new DeliveryMeters(meters, endpoint.name());
        return StaticMember.join(
                clients,
                "alerts-" + endpoint.name(),
                "alerts-" + endpoint.name(),
                Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS),
                (name, consumers) -> loop(endpoint, counts, consumers));
    }

    /** What has ended, and what is silenced, must be known before anything is sent. */
    private DeliveryLoop loop(Webhook endpoint, DeliveryMeters counts, Supplier<Consumer<byte[], byte[]>> consumers) {
        logs.tails().forEach(tail -> tail.awaitCaughtUp(PATIENCE));
        DeliveryLog log = new DeliveryLog(clients, endpoint);
        try {
            return new DeliveryLoop(
                    endpoint,
                    settings,
                    new DeliveryLoop.Tools(
                            consumers.get(),
                            clients.reader(clients.topics().alerts()),
                            logs.book(),
                            sender,
                            log,
                            counts,
                            Clock.systemUTC()));
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    @Override
    public synchronized Health health() {
        Health all = Health.up(settings.endpoints().isEmpty() ? "no endpoint" : "sends");
        for (StaticMember member : members) {
            all = all.and(member.health());
        }
        return all;
    }

    @Override
    public synchronized void close() {
        members.forEach(StaticMember::close);
        members.clear();
    }
}
