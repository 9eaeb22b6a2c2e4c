package io.tessellate.worker;

import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.work.StaticMember;
import io.tessellate.runtime.kafka.work.Turns;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The training worker: a member of a group that takes the closed datasets of each of its models one after the other, and trains
 * one at a time; a model that has to wait holds no other. Start as many as there are machines; a model's tasks stay in order
 * because they share a partition and a queue. Parallel tasks are handed on to lanes, which are members of a second group.
 */
public final class WorkerService implements Service {
    private final KafkaClients clients;
    private final SharedLogs logs;
    private final BlobStore blobs;
    private final WorkerSettings settings;
    private final ProcessEngine shared;
    private final Clock clock;
    private @Nullable Running running;

    /**
     * A worker that has not begun.
     *
     * @param logs stay the caller's
     * @param shared with all parts of the process that compute
     */
    public WorkerService(
            KafkaClients clients,
            SharedLogs logs,
            BlobStore blobs,
            WorkerSettings settings,
            ProcessEngine shared,
            Clock clock) {
        this.clients = clients;
        this.logs = logs;
        this.blobs = blobs;
        this.settings = settings;
        this.shared = shared;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            logs.start();
            running = begin(new RegistryLink(logs, settings.answerPatience()));
        }
    }

    private Running begin(MaskRegistry registry) {
        List<TrainingEngine> engines = new ArrayList<>();
        List<StaticMember> members = new ArrayList<>();
        Supplier<RunResources> ordered = resources(registry, "", engines);
        members.add(StaticMember.join(
                clients,
                "worker",
                "worker",
                clients.topics().tasks(),
                () -> new TaskWork(ordered.get(), logs.datasets().datasets())));
        for (int lane = 1; lane <= settings.lanes(); lane++) {
            Supplier<RunResources> resources = resources(registry, "-lane-" + lane, engines);
            members.add(StaticMember.join(
                    clients,
                    "lanes",
                    "lane-" + lane,
                    clients.topics().parallelTasks(),
                    () -> new LaneWork(resources.get())));
        }
        return new Running(List.copyOf(members), List.copyOf(engines));
    }

    /** What the runs of one member work with: its engine and its turns with it stay, its log is opened anew with each life. */
    private Supplier<RunResources> resources(MaskRegistry registry, String name, List<TrainingEngine> engines) {
        var engine = new EncoderTraining(clients, blobs, settings, name, logs.datasets(), shared);
        engines.add(engine);
        var turns = new Turns(1);
        return () -> new RunResources(settings, registry, engine, turns, blobs, TrainingLog.open(clients, name), clock);
    }

    @Override
    public synchronized Health health() {
        return running == null ? Health.waiting("not started") : running.health(logs);
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.end();
            running = null;
        }
    }

    private record Running(List<StaticMember> members, List<TrainingEngine> engines) {
        Health health(SharedLogs logs) {
            Health asked = logs.registry().health().and(logs.runs().health());
            return members.stream()
                    .map(StaticMember::health)
                    .reduce(asked, Health::and)
                    .and(logs.datasets().health());
        }

        void end() {
            members.forEach(StaticMember::close);
            engines.forEach(TrainingEngine::close);
        }
    }
}
