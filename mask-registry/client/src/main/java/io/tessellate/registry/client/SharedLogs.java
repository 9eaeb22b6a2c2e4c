package io.tessellate.registry.client;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;

/**
 * The two logs that most parts of a process work from, each read once for all of them. Whoever uses them starts them, the first in
 * truth, the others in vain; whoever made them closes them.
 *
 * @param registry the registry's log, and whom to ask
 * @param datasets what ingest said
 */
public record SharedLogs(RegistryClient registry, DatasetLog datasets) implements Service {
    /** Logs of a process, which are not read yet. */
    public static SharedLogs of(KafkaClients clients, Clock clock) {
        return new SharedLogs(new RegistryClient(clients, clock), new DatasetLog(clients));
    }

    @Override
    public String name() {
        return "shared logs";
    }

    @Override
    public void start() {
        registry.start();
        datasets.start();
    }

    @Override
    public Health health() {
        return registry.health().and(datasets.health());
    }

    @Override
    public void close() {
        registry.close();
        datasets.close();
    }
}
