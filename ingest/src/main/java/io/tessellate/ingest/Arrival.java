package io.tessellate.ingest;

import io.tessellate.dataset.SourcePosition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came, on its way to the one place that knows its task.
 *
 * @param kind what it is
 * @param topic topic it was read from
 * @param position where in the topic
 * @param timestamp its own timestamp
 * @param routedAt when it was read, by this machine's clock
 * @param headers its headers
 * @param key its key
 * @param value its value
 */
record Arrival(
        Kind kind,
        String topic,
        SourcePosition position,
        long timestamp,
        long routedAt,
        Headers headers,
        byte @Nullable [] key,
        byte @Nullable [] value) {

    /** Which of the two kinds of topics a record came from. */
    enum Kind {
        /** A record of a dataset. */
        RECORD,
        /** A manifest. */
        MANIFEST
    }
}
