package io.tessellate.topic;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the broker does with old records of a topic.
 *
 * @param compacted whether only the newest record of each key is kept
 * @param retention how long records are kept; null for ever
 */
public record Cleanup(boolean compacted, @Nullable Duration retention) {
    /** Keeps every record. */
    public static final Cleanup FOR_EVER = new Cleanup(false, null);

    /** Keeps the newest record of each key. */
    public static final Cleanup COMPACT = new Cleanup(true, null);

    public Cleanup {
        if (compacted && retention != null) {
            throw new IllegalArgumentException("a compacted topic keeps its newest records for ever");
        }
        if (retention != null && (retention.isNegative() || retention.isZero())) {
            throw new IllegalArgumentException("retention must be positive: " + retention);
        }
    }

    /** Keeps records for a number of days. */
    public static Cleanup days(int days) {
        return new Cleanup(false, Duration.ofDays(days));
    }

    /** The broker's words for it. */
    public Map<String, String> topicConfig() {
        if (compacted) {
            return Map.of("cleanup.policy", "compact");
        }
        long milliseconds = retention == null ? -1 : retention.toMillis();
        return Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(milliseconds), "retention.bytes", "-1");
    }
}
