package io.tessellate.ingest.arrival;

import io.tessellate.dataset.record.SourceRecordReader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
 * @param size bytes of the record as it came; larger than what is left of it where it did not fit into the internal topics
 * @param fault why it can only be put aside, if that was found on the way here
 */
public record Arrival(
        Kind kind,
        String topic,
        SourcePosition position,
        long timestamp,
        long routedAt,
        Headers headers,
        byte @Nullable [] key,
        byte @Nullable [] value,
        long size,
        @Nullable String fault) {

    /** Key and headers above this are left out with the value. */
    private static final int LARGEST_REST = 1 << 20;

    /** An arrival as it came. */
    public Arrival(
            Kind kind,
            String topic,
            SourcePosition position,
            long timestamp,
            long routedAt,
            Headers headers,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        this(
                kind,
                topic,
                position,
                timestamp,
                routedAt,
                headers,
                key,
                value,
                SourceRecordReader.size(key, value, headers),
                null);
    }

    /** What fits into the internal topics: all of it, or what tells where it came from. */
    public Arrival fitting() {
        return size <= SourceRecordReader.LARGEST_BYTES ? this : withoutBytes(SourceRecordReader.tooLarge(size));
    }

    /** Another record of the same topic, of which only the place is known. */
    public Arrival at(SourcePosition other) {
        String reason = "the record is no longer at hand, read it where it lies";
        return new Arrival(kind, topic, other, -1, routedAt, new RecordHeaders(), null, null, 0, reason);
    }

    /** The same without its value, only to be put aside. */
    public Arrival withoutBytes(String reason) {
        boolean small = SourceRecordReader.size(key, null, headers) <= LARGEST_REST;
        return new Arrival(
                kind,
                topic,
                position,
                timestamp,
                routedAt,
                small ? headers : new RecordHeaders(),
                small ? key : null,
                null,
                size,
                reason);
    }

    /** Which of the two kinds of topics a record came from. */
    public enum Kind {
        /** A record of a dataset. */
        RECORD,
        /** A manifest. */
        MANIFEST
    }
}
