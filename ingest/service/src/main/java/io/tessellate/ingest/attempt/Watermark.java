package io.tessellate.ingest.attempt;

/**
 * The time up to which everything that was read has been seen here. While records queue up it is the time at which the last
 * of them was read, so that a dataset is not called quiet whose records stand in the queue; otherwise it is now.
 */
final class Watermark {
    private static final long QUEUE_IS_EMPTY_AFTER_MS = 1000;

    private long seen;
    private long seenAt;

    void observe(long routedAt, long now) {
        seen = Math.max(seen, routedAt);
        seenAt = now;
    }

    long at(long now) {
        return now - seenAt >= QUEUE_IS_EMPTY_AFTER_MS ? now : Math.min(seen, now);
    }
}
