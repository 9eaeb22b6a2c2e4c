package io.tessellate.runtime.kafka.work;

import io.tessellate.error.StoppedException;
import io.tessellate.runtime.health.Health;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.retry.Backoff;
import io.tessellate.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link MemberLoop} on a thread of its own, as a static member of its group: one that comes back after a kill gets its
 * partitions at once, not after its session has ended. A loop that fails is begun again, with clients of its own, after growing
 * pauses. While another process is a member under the same instance id this one waits: it would only throw the other out.
 */
public final class StaticMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StaticMember.class);
    private static final int MOST_RECORDS = 50;
    private static final Backoff AGAIN = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), Integer.MAX_VALUE);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LONG_LIFE = Duration.ofMinutes(5);
    /**
     * Partitions are dealt out in turn: work that lies in neighbouring ones, as tasks to be trained at once do, goes to as many members
     * as there are. By ranges, which members of earlier versions know alone, half of the members would get all of it.
     */
    private static final List<String> DEALT =
            List.of(RoundRobinAssignor.class.getName(), RangeAssignor.class.getName());

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final String name;
    private final SoleInstance instance;
    private final Supplier<? extends MemberLoop> lives;
    private final Thread thread;
    private final Cancellation closing = new Cancellation();
    private volatile @Nullable MemberLoop loop;
    private volatile Health between = Health.waiting("not started");

    StaticMember(String name, SoleInstance instance, Supplier<? extends MemberLoop> lives) {
        this.name = name;
        this.instance = instance;
        this.lives = lives;
        this.thread = new Thread(this::liveOrSay, name + "-consumer");
    }

    /**
     * Joins a group and begins to work.
     *
     * @param group of the members of this kind; with the topics' prefix it is the group's id
     * @param member tells it from others of the group in this process
     * @param works makes the work of each life, with what it holds; it is closed at the life's end
     */
    public static <V> StaticMember join(
            KafkaClients clients,
            String group,
            String member,
            Topic<V> topic,
            Supplier<? extends WorkLoop.Work<V>> works) {
        return join(clients, group, member, Map.of(), work(clients, topic, works));
    }

    /**
     * Joins a group whose members take over from each other: what a killed one had is given to the others after ten seconds, not
     * after Kafka's 45.
     */
    public static <V> StaticMember joinAmongEquals(
            KafkaClients clients,
            String group,
            String member,
            Topic<V> topic,
            Supplier<? extends WorkLoop.Work<V>> works) {
        return join(
                clients,
                group,
                member,
                Map.of(
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        (int) SOON.toMillis(),
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        (int) SOON.toMillis() / 5),
                work(clients, topic, works));
    }

    private static <V> BiFunction<String, Supplier<Consumer<byte[], byte[]>>, MemberLoop> work(
            KafkaClients clients, Topic<V> topic, Supplier<? extends WorkLoop.Work<V>> works) {
        return (name, consumers) -> {
            WorkLoop.Work<V> work = works.get();
            try {
                return new WorkLoop<>(name, consumers.get(), clients.reader(topic), work);
            } catch (RuntimeException e) {
                work.close();
                throw e;
            }
        };
    }

    /**
     * Joins a group with a loop of another kind.
     *
     * @param settings of the consumer, beside those of a static member
     * @param lives makes the loop of each life out of its name and what makes its consumer, which the loop closes
     */
    public static StaticMember join(
            KafkaClients clients,
            String group,
            String member,
            Map<String, ?> settings,
            BiFunction<String, Supplier<Consumer<byte[], byte[]>>, ? extends MemberLoop> lives) {
        String groupId = clients.settings().topics().control() + "-" + group;
        String instanceName = member + "-" + clients.settings().instanceId();
        String clientId = member + "-" + clients.settings().origin();
        Map<String, Object> all = new HashMap<>();
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
        all.putAll(settings);
        all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceName);
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        all.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, DEALT);
        var joined = new StaticMember(
                member,
                SoleInstance.in(clients, groupId, instanceName, clientId),
                () -> lives.apply(instanceName, () -> clients.groupConsumer(groupId, all)));
        joined.start();
        return joined;
    }

    void start() {
        thread.start();
    }

    /** The loop's health, or what it waits for before it begins. */
    public Health health() {
        MemberLoop current = loop;
        return current == null ? between : current.health();
    }

    /** An error of the machine ends it for good, and its health says so. */
    private void liveOrSay() {
        try {
            live();
        } catch (Error e) {
            LOG.error("{} has failed", name, e);
            between = Health.dead("ended by " + e);
        }
    }

    private void live() {
        int failures = 0;
        while (!closing.isCancelled()) {
            long begun = System.nanoTime();
            Optional<? extends RuntimeException> failure = once();
            failures = System.nanoTime() - begun > LONG_LIFE.toNanos() ? 1 : failures + 1;
            if (failure.isPresent() && !closing.isCancelled()) {
                between = Health.waiting("begins again: " + failure.get().getMessage());
                LOG.error("{} begins again in {}", name, AGAIN.after(failures), failure.get());
                rest(AGAIN.after(failures));
            }
        }
        between = Health.waiting("closed");
    }

    private void rest(Duration length) {
        try {
            closing.pause(length);
        } catch (StoppedException e) {
            LOG.debug("{} is closed while it waits", name);
        }
    }

    /** One life; why it ended, unless it was asked to. */
    private Optional<RuntimeException> once() {
        try {
            awaitSole();
            MemberLoop current = lives.get();
            loop = current;
            if (closing.isCancelled()) {
                current.stop();
            }
            current.run();
            return current.failure();
        } catch (StoppedException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        } finally {
            loop = null;
        }
    }

    private void awaitSole() {
        Optional<String> other = instance.other();
        if (other.isPresent()) {
            String why = "instance id of '%s' is in use by %s: give each process its own, or none"
                    .formatted(instance.name(), other.get());
            LOG.error("{} waits: {}", name, why);
            between = Health.waiting(why);
        }
        while (other.isPresent()) {
            closing.pause(LOOK_AGAIN);
            other = instance.other();
        }
    }

    /** Returns once the loop has ended what it was doing. */
    @Override
    public void close() {
        closing.cancel();
        MemberLoop current = loop;
        if (current != null) {
            current.stop();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
