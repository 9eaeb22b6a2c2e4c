package io.tessellate.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The headers of a record in {@code dead-letters}: where it came from and why it was put aside. */
public enum DeadLetterHeader {
    /** Code of the error table. */
    CODE,
    /** The reason, for people. */
    REASON,
    /** The task it belongs to, {@code model/task}. */
    TASK,
    /** Topic it was read from. */
    TOPIC,
    /** Partition it was read from. */
    PARTITION,
    /** Its offset there. */
    OFFSET,
    /** Its own timestamp. */
    TIMESTAMP,
    /** Its key. */
    KEY,
    /** What was left out of it because it does not fit. */
    DROPPED;

    /** The header's key. */
    public String key() {
        return "tessellate." + name().toLowerCase(Locale.ROOT);
    }

    /** What it says among some headers; empty if it is not there or says nothing. */
    public Optional<String> in(Headers headers) {
        Header header = headers.lastHeader(key());
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), UTF_8));
    }
}
