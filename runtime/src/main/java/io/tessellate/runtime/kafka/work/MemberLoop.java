package io.tessellate.runtime.kafka.work;

import io.tessellate.error.StoppedException;
import io.tessellate.runtime.health.Health;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member of a group does with its records, for one life of its clients: subscribes, looks until it is stopped, says how it ended,
 * and closes. A failure that belongs to a record is that record's, and for the loop's own to settle; whatever leaves a look ends this
 * life, and {@link StaticMember} begins the next after a pause.
 */
public abstract class MemberLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Health JOINING = Health.waiting("joining the group");

    private final String name;
    private final Consumer<byte[], byte[]> consumer;
    private volatile boolean running = true;
    private volatile Health health = JOINING;
    private volatile @Nullable RuntimeException failure;

    /**
     * A loop to be run by a thread of its own, which then closes the consumer.
     *
     * @param name for the log
     */
    protected MemberLoop(String name, Consumer<byte[], byte[]> consumer) {
        this.name = name;
        this.consumer = consumer;
    }

    /** Says which topics the loop is about. */
    protected abstract void subscribe();

    /** Works on what was read just now, maybe nothing, and on what is still open; says how it stands. */
    protected abstract Health turn(ConsumerRecords<byte[], byte[]> read);

    /** Frees what it works with, before its consumer is closed. */
    protected abstract void release();

    /** The consumer, for the loop's own thread. */
    protected final Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /** Whether records are being worked on. */
    public final Health health() {
        return health;
    }

    /** Why it ended without being asked to, once it has. */
    public final Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Ends the loop; what it is working on is stopped first. */
    public final void stop() {
        running = false;
        consumer.wakeup();
    }

    /** Looks until it is stopped. */
    @Override
    public final void run() {
        try {
            subscribe();
            while (running) {
                look();
            }
            health = Health.waiting("stopped");
        } catch (WakeupException | StoppedException e) {
            health = Health.waiting("stopped");
        } catch (RuntimeException e) {
            LOG.error("{} has failed", name, e);
            failure = e;
            health = Health.waiting("begins again after: " + e.getMessage());
        } finally {
            try {
                release();
            } finally {
                consumer.close();
            }
        }
    }

    /** One look at what there is. */
    public final void look() {
        Health turned = turn(consumer.poll(POLL));
        boolean joined = consumer.groupMetadata().generationId() >= 0;
        health = joined || !turned.ready() ? turned : JOINING;
    }
}
