package io.tessellate.registry.client;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import java.util.List;

/**
 * The logs that most parts of a process work from, each read once for all of them. Whoever uses them starts them, the first in
 * truth, the others in vain; whoever made them closes them.
 *
 * @param registry the registry's log, and whom to ask
 * @param datasets what ingest said
 * @param runs what workers said
 */
public record SharedLogs(RegistryClient registry, DatasetLog datasets, RunLog runs) implements Service {
    /** Logs of a process, which are not read yet. */
    public static SharedLogs of(KafkaClients clients, Clock clock) {
        return new SharedLogs(new RegistryClient(clients, clock), new DatasetLog(clients), new RunLog(clients));
    }

    /** The tails of all of them, for whoever waits for several at once. */
    public List<LogTail<?>> tails() {
        return List.of(registry.tail(), datasets.tail(), runs.tail());
    }

    @Override
    public String name() {
        return "shared logs";
    }

    @Override
    public void start() {
        registry.start();
        datasets.start();
        runs.start();
    }

    @Override
    public Health health() {
        return registry.health().and(runs.health()).and(datasets.health());
    }

    @Override
    public void close() {
        registry.close();
        datasets.close();
        runs.close();
    }
}
