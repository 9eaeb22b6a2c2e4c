package io.tessellate.registry;

import io.tessellate.registry.client.Following;
import io.tessellate.registry.client.RegistryClient;
import io.tessellate.registry.http.RegistryRoutes;
import io.tessellate.registry.topology.RegistryTopology;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.streams.StreamsService;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.runtime.metrics.Metrics;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.runtime.retry.Pause;
import io.tessellate.runtime.retry.Retry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The mask registry as a part of a process: the topology that decides, and a fold of what it decided for reads. Its topics
 * must have been provisioned before it starts.
 */
public final class RegistryService implements Service {
    private static final String NAME = "mask-registry";
    /**
     * With what a command needs. Afterwards the failure goes up, the transaction is aborted and Streams starts the task again:
     * nothing is lost, and the process is seen to be in trouble; a thread dies at most four times a minute.
     */
    private static final Retry PATIENCE = new Retry(Backoff.steady(Duration.ofSeconds(1), 16), Pause.ofThread());

    private final StreamsService streams;
    private final RegistryClient registry;
    private final Following counting;

    /**
     * A service that is not yet running.
     *
     * @param clients of broker and schema registry; they stay the caller's
     * @param registry what the process's reads are answered from; it stays the caller's
     * @param blobs where bases and adapters lie
     * @param stateDirectory where its store lives
     * @param metrics where its numbers go
     */
    public RegistryService(
            KafkaClients clients, RegistryClient registry, BlobStore blobs, Path stateDirectory, Metrics metrics) {
        RegistryTopology topology =
                new RegistryTopology(clients.topics(), clients.serdes(), blobs, clients.passedOver(), PATIENCE);
        this.registry = registry;
        var meters = new RegistryMeters(metrics.registry());
        this.counting = registry.follow(entry -> meters.seen(entry, registry.lineage()));
        this.streams =
                new StreamsService(NAME, topology.build(), clients.settings(), stateDirectory, overrides(), metrics);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        registry.start();
        streams.start();
    }

    /** What it shows by HTTP. */
    public RegistryRoutes routes() {
        return new RegistryRoutes(registry.lineage(), registry::health, new ClientActs(registry));
    }

    @Override
    public Health health() {
        Health now = streams.health().and(registry.health());
        String parked = registry.lineage().models().stream()
                .filter(line -> line.parked().isPresent())
                .map(line -> line.name().value())
                .collect(Collectors.joining(", "));
        return parked.isEmpty() || !now.ready() ? now : Health.up(now.detail() + "; parked: " + parked);
    }

    @Override
    public void close() {
        streams.close();
        counting.close();
    }

    /** A commit of a large model may take a while; waiting for the blob store must not cost the membership. */
    private static Map<String, Object> overrides() {
        return Map.of(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 10,
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 900_000);
    }
}
