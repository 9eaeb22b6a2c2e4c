package io.tessellate.worker;

import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.kafka.StaticMember;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The training worker: a member of a group that takes the closed datasets of its models one after the other. Start as
 * many as there are machines; a model's tasks stay in order because they share a partition.
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
            var log = TrainingLog.open(clients);
            var engine = new EncoderTraining(clients, blobs, settings, tasks, datasets);
            var parts = new RunExecution.Parts(settings, registry, engine, blobs, log, clock);
            running = Running.begin(clients, parts);
        }
    }

    @Override
    public synchronized Health health() {
        return running == null
                ? Health.waiting("not started")
                : running.member()
                        .health()
                        .and(tasks.health())
                        .and(running.parts().registry().health());
    }

    @Override
    public synchronized void close() {
        if (running != null) {
            running.end();
            running = null;
            tasks.close();
        }
    }

    private record Running(StaticMember member, RunExecution.Parts parts) {
        static Running begin(KafkaClients clients, RunExecution.Parts parts) {
            var work = new TaskWork(parts);
            return new Running(
                    StaticMember.join(clients, "worker", clients.topics().tasks(), "training", work), parts);
        }

        void end() {
            member.close();
            parts.log().close();
            parts.registry().close();
            parts.engine().close();
        }
    }
}
