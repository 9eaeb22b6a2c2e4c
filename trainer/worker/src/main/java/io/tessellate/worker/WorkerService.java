package io.tessellate.worker;

import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.kafka.StaticMember;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The training worker: a member of a group that takes the closed datasets of its models one after the other. Start as
 * many as there are machines; a model's tasks stay in order because they share a partition. Parallel tasks are handed on to
 * lanes, which are members of a second group.
 */
public final class WorkerService implements Service {
    private final KafkaClients clients;
    private final BlobStore blobs;
    private final WorkerSettings settings;
    private final Clock clock;
    private final TaskIndex datasets = new TaskIndex();
    private final LogTail<TaskEvent> tasks;
    private @Nullable Running running;

    /** A worker that has not begun. */
    public WorkerService(KafkaClients clients, BlobStore blobs, WorkerSettings settings, Clock clock) {
        this.clients = clients;
        this.blobs = blobs;
        this.settings = settings;
        this.clock = clock;
        this.tasks = new LogTail<>(clients, clients.topics().tasks(), entry -> datasets.apply(entry.value()));
    }

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            tasks.start();
            var registry = new RegistryLink(clients, clock, settings.answerPatience());
            registry.start();
            running = begin(registry);
        }
    }

    private Running begin(RegistryLink registry) {
        List<RunExecution.Parts> all = new ArrayList<>();
        List<StaticMember> members = new ArrayList<>();
        RunExecution.Parts ordered = parts(registry, "");
        all.add(ordered);
        members.add(StaticMember.join(
                clients, "worker", clients.topics().tasks(), "training", new TaskWork(ordered, datasets)));
        for (int lane = 1; lane <= settings.lanes(); lane++) {
            RunExecution.Parts parts = parts(registry, "-lane-" + lane);
            all.add(parts);
            members.add(StaticMember.join(
                    clients,
                    "lanes",
                    "lane-" + lane,
                    clients.topics().parallelTasks(),
                    "lane " + lane,
                    new LaneWork(parts)));
        }
        return new Running(registry, List.copyOf(members), List.copyOf(all));
    }

    private RunExecution.Parts parts(RegistryLink registry, String name) {
        return new RunExecution.Parts(
                settings,
                registry,
                new EncoderTraining(clients, blobs, settings, name, tasks, datasets),
                blobs,
                TrainingLog.open(clients, name),
                clock);
    }

    @Override
    public synchronized Health health() {
        return running == null
                ? Health.waiting("not started")
                : running.health().and(tasks.health());
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.end();
            running = null;
            tasks.close();
        }
    }

    private record Running(RegistryLink registry, List<StaticMember> members, List<RunExecution.Parts> parts) {
        Health health() {
            return members.stream().map(StaticMember::health).reduce(registry.health(), Health::and);
        }

        void end() {
            members.forEach(StaticMember::close);
            parts.forEach(each -> {
                each.log().close();
                each.engine().close();
            });
            registry.close();
        }
    }
}
