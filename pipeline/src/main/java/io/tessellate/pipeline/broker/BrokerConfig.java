package io.tessellate.pipeline.broker;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Properties of the one broker and controller in this JVM: small, local, and quick to notice a dead client. */
final class BrokerConfig {
    private static final String FOR_EVER = "-1";

    private BrokerConfig() {}

    static Map<String, Object> of(Path directory, int port, int controllerPort) {
        Map<String, Object> all = new LinkedHashMap<>();
        listeners(all, port, controllerPort);
        storage(all, directory);
        oneReplica(all);
        sessions(all);
        small(all);
        return all;
    }

    private static void listeners(Map<String, Object> all, int port, int controllerPort) {
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("listeners", "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("controller.listener.names", "CONTROLLER");
        all.put("inter.broker.listener.name", "PLAINTEXT");
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    }

    /** Data is kept until a topic says otherwise, and so are the positions of groups, however long the broker was off. */
    private static void storage(Map<String, Object> all, Path directory) {
        all.put("log.dirs", directory.toString());
        all.put("log.retention.ms", FOR_EVER);
        all.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
        all.put("auto.create.topics.enable", "false");
        all.put("message.max.bytes", Integer.toString(8 << 20));
    }

    private static void oneReplica(Map<String, Object> all) {
        all.put("default.replication.factor", "1");
        all.put("min.insync.replicas", "1");
        all.put("offsets.topic.replication.factor", "1");
        all.put("offsets.topic.num.partitions", "4");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("transaction.state.log.num.partitions", "4");
        all.put("share.coordinator.state.topic.replication.factor", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        all.put("share.coordinator.state.topic.num.partitions", "4");
    }

    /** After a kill -9 a restart waits for these: the broker's own session first, then those of its clients. */
    private static void sessions(Map<String, Object> all) {
        all.put("broker.session.timeout.ms", "3000");
        all.put("broker.heartbeat.interval.ms", "500");
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.min.session.timeout.ms", "2000");
        for (String kind : new String[] {"consumer", "streams"}) {
            String group = "group." + kind;
            all.put(group + ".session.timeout.ms", "6000");
            all.put(group + ".min.session.timeout.ms", "3000");
            all.put(group + ".heartbeat.interval.ms", "1000");
            all.put(group + ".min.heartbeat.interval.ms", "500");
        }
        all.put("group.streams.initial.rebalance.delay.ms", "0");
        all.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    }

    private static void small(Map<String, Object> all) {
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "2");
        all.put("background.threads", "2");
        all.put("num.recovery.threads.per.data.dir", "1");
        all.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    }
}
