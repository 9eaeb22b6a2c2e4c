package io.tessellate.ingest.arrival;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.topic.DeadLetterHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that is put aside: its value as it came, its key, headers and timestamp kept in the headers, with those Kafka Connect
 * writes for its dead letters. What does not fit is left out, and a header says so.
 *
 * @param value the value as it came; null where it had none or is left out
 * @param headers why it was put aside, where it lies, and its own
 */
record DeadLetter(byte @Nullable [] value, Headers headers) {
    private static final String CONNECT = "__connect.errors.";

    /** Key and headers of a record above this are left out. */
    private static final int LARGEST_REST = 1 << 20;

    /**
     * The letter about an arrival.
     *
     * @param task the task it belongs to, {@code model/task}
     * @param reason why it is put aside; a long one is shortened
     */
    static DeadLetter of(String task, Arrival arrival, ErrorCode code, String reason) {
        List<String> dropped = new ArrayList<>();
        boolean small = SourceRecordReader.size(arrival.key(), null, arrival.headers()) <= LARGEST_REST;
        boolean whole = arrival.size() <= SourceRecordReader.LARGEST_BYTES && arrival.fault() == null;
        var headers = new RecordHeaders();
        if (small) {
            arrival.headers().forEach(headers::add);
        } else {
            dropped.add("key and headers");
        }
        if (!whole) {
            dropped.add("value");
        }
        describe(headers, task, arrival, code, SourceRecordReader.shortened(reason));
        put(headers, DeadLetterHeader.KEY.key(), small ? arrival.key() : null);
        headers.remove(DeadLetterHeader.DROPPED.key());
        if (!dropped.isEmpty()) {
            String what = String.join(", ", dropped);
            put(
                    headers,
                    DeadLetterHeader.DROPPED.key(),
                    arrival.size() == 0 ? what : "%s; the record had %d bytes".formatted(what, arrival.size()));
        }
        return new DeadLetter(whole ? arrival.value() : null, headers);
    }

    private static void describe(Headers headers, String task, Arrival arrival, ErrorCode code, String reason) {
        String offset = Long.toString(arrival.position().offset());
        String partition = Integer.toString(arrival.position().partition());
        put(headers, CONNECT + "topic", arrival.topic());
        put(headers, CONNECT + "partition", partition);
        put(headers, CONNECT + "offset", offset);
        put(headers, CONNECT + "stage", code == ErrorCode.UNDECODABLE ? "VALUE_CONVERTER" : "TRANSFORMATION");
        put(headers, CONNECT + "class.name", "io.tessellate.ingest");
        put(headers, CONNECT + "exception.class.name", code.name());
        put(headers, CONNECT + "exception.message", reason);
        put(headers, DeadLetterHeader.CODE.key(), code.name());
        put(headers, DeadLetterHeader.REASON.key(), reason);
        put(headers, DeadLetterHeader.TASK.key(), task);
        put(headers, DeadLetterHeader.TOPIC.key(), arrival.topic());
        put(headers, DeadLetterHeader.PARTITION.key(), partition);
        put(headers, DeadLetterHeader.OFFSET.key(), offset);
        put(headers, DeadLetterHeader.TIMESTAMP.key(), Long.toString(arrival.timestamp()));
    }

    private static void put(Headers headers, String key, String value) {
        put(headers, key, value.getBytes(UTF_8));
    }

    private static void put(Headers headers, String key, byte @Nullable [] value) {
        headers.remove(key);
        headers.add(key, value);
    }
}
