package io.tessellate.registry.client;

import io.tessellate.event.TaskEvent;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What ingest said of the tasks, read once for all parts of a process, with the index of the closed datasets. Whoever uses it
 * starts it; whoever made it closes it.
 */
public final class DatasetLog implements Service {
    private final DatasetIndex datasets = new DatasetIndex();
    private final Followers<TaskEvent> followers = new Followers<>();
    private final LogTail<TaskEvent> log;

    /** A log that has not begun to be read. */
    public DatasetLog(KafkaClients clients) {
        this.log = new LogTail<>(clients, clients.topics().tasks(), entry -> take(entry.value()));
    }

    private void take(TaskEvent event) {
        datasets.apply(event);
        followers.tell(event);
    }

    /** The datasets closed so far. */
    public DatasetIndex datasets() {
        return datasets;
    }

    /** Hears of every event, as {@link RegistryClient#follow} says. */
    public Following follow(Consumer<TaskEvent> follower) {
        return followers.add(follower);
    }

    /** Waits until everything that was committed when this was called is in the index; retriable if that takes too long. */
    public void awaitCaughtUp(Duration patience) {
        log.awaitCaughtUp(patience);
    }

    /** The tail of the log, for whoever waits for several tails at once. */
    public LogTail<?> tail() {
        return log;
    }

    @Override
    public String name() {
        return log.name();
    }

    @Override
    public void start() {
        log.start();
    }

    @Override
    public Health health() {
        return log.health();
    }

    @Override
    public void close() {
        log.close();
    }
}
