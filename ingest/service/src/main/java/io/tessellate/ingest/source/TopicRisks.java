package io.tessellate.ingest.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

/**
 * In what ways a topic's settings can lose records of a dataset, which is read again for every later task's replay and
 * evaluation.
 *
 * @param compacted whether records can vanish from between others
 * @param all every way, for people
 */
record TopicRisks(boolean compacted, List<String> all) {
    TopicRisks {
        all = List.copyOf(all);
    }

    static TopicRisks of(Config config) {
        List<String> all = new ArrayList<>();
        String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        boolean compacted = policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        if (compacted) {
            all.add("cleanup.policy=%s keeps only the newest record of each key".formatted(policy));
        }
        if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            retention(config, all);
        }
        return new TopicRisks(compacted, all);
    }

    private static void retention(Config config, List<String> all) {
        long kept = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG, "-1"));
        if (kept >= 0) {
            boolean byProducer =
                    "CreateTime".equals(value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime"));
            all.add("retention.ms=%d deletes records after %s%s"
                    .formatted(
                            kept,
                            inWords(Duration.ofMillis(kept)),
                            byProducer
                                    ? ", counted from the time their producer gave them"
                                            + " (message.timestamp.type=CreateTime), so older ones at once"
                                    : ""));
        }
        long bytes = Long.parseLong(value(config, TopicConfig.RETENTION_BYTES_CONFIG, "-1"));
        if (bytes >= 0) {
            all.add("retention.bytes=%d deletes the oldest records of a larger partition".formatted(bytes));
        }
    }

    private static String inWords(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " days";
        }
        return time.toHours() > 0 ? time.toHours() + " hours" : time.toSeconds() + " seconds";
    }

    private static String value(Config config, String key, String usual) {
        ConfigEntry entry = config.get(key);
        return entry == null || entry.value() == null ? usual : entry.value();
    }
}
