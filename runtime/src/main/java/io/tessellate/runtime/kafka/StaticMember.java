package io.tessellate.runtime.kafka;

import io.tessellate.runtime.health.Health;
import io.tessellate.topic.Topic;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * A {@link WorkLoop} on a thread of its own, as a static member of its group: one that comes back after a kill gets its
 * partitions at once, not after its session has ended.
 */
public final class StaticMember implements AutoCloseable {
    private static final int MOST_RECORDS = 50;

    private final WorkLoop<?> loop;
    private final Thread thread;

    private StaticMember(WorkLoop<?> loop, Thread thread) {
        this.loop = loop;
        this.thread = thread;
    }

    /**
     * Joins a group and begins to work.
     *
     * @param group of the members of this kind; with the topics' prefix it is the group's id
     * @param name of the loop, for logs
     */
    public static <V> StaticMember join(
            KafkaClients clients, String group, Topic<V> topic, String name, WorkLoop.Work<V> work) {
        return join(clients, group, group, topic, name, work);
    }

    /**
     * The same for one of several members of a group in one process.
     *
     * @param member tells it from the others
     */
    public static <V> StaticMember join(
            KafkaClients clients, String group, String member, Topic<V> topic, String name, WorkLoop.Work<V> work) {
        Consumer<byte[], byte[]> consumer = clients.groupConsumer(
                clients.settings().topics().control() + "-" + group,
                Map.of(
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                        member + "-" + clients.settings().instanceId(),
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        MOST_RECORDS));
        var loop = new WorkLoop<>(name, consumer, clients.reader(topic), work);
        var thread = new Thread(loop, member + "-consumer");
        thread.start();
        return new StaticMember(loop, thread);
    }

    /** The loop's health. */
    public Health health() {
        return loop.health();
    }

    /** Returns once the loop has ended what it was doing. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
