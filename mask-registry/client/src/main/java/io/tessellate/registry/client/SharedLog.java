package io.tessellate.registry.client;

import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.LogTail;
import io.tessellate.runtime.lifecycle.Service;
import io.tessellate.topic.Topic;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/** A log that is read once for all parts of a process: folded first, then told to those who follow it. */
abstract sealed class SharedLog<V extends SpecificRecord> implements Service permits DatasetLog, RunLog {
    private final Followers<V> followers = new Followers<>();
    private final LogTail<V> log;

    SharedLog(KafkaClients clients, Topic<V> topic) {
        this.log = new LogTail<>(clients, topic, entry -> {
            fold(entry.value());
            followers.tell(entry.value());
        });
    }

    /** Takes the next event of its key. */
    abstract void fold(V event);

    /** Hears of every event, as {@link RegistryClient#follow} says. */
    public Following follow(Consumer<V> follower) {
        return followers.add(follower);
    }

    /** Waits until everything that was committed when this was called is in the fold; retriable if that takes too long. */
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
