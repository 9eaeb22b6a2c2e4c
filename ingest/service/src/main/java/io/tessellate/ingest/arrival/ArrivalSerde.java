package io.tessellate.ingest.arrival;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Binary form of an arrival, for the internal topics only: a version byte, the fixed numbers, then lengths and bytes. */
public final class ArrivalSerde implements Serde<Arrival> {
    private static final byte FIRST_VERSION = 1;
    private static final byte VERSION = 2;
    private static final int ABSENT = -1;
    private static final int FIXED_BYTES = 2 + Integer.BYTES + 4 * Long.BYTES;

    @Override
    public Serializer<Arrival> serializer() {
        return (topic, arrival) -> write(arrival);
    }

    @Override
    public Deserializer<Arrival> deserializer() {
        return (topic, bytes) -> read(bytes);
    }

    public static byte[] write(Arrival arrival) {
        byte[] topic = arrival.topic().getBytes(UTF_8);
        Header[] headers = arrival.headers().toArray();
        ByteBuffer out = ByteBuffer.allocate(size(arrival, topic, headers));
        out.put(VERSION).put((byte) arrival.kind().ordinal());
        out.putInt(arrival.position().partition()).putLong(arrival.position().offset());
        out.putLong(arrival.timestamp()).putLong(arrival.routedAt());
        put(out, topic);
        put(out, arrival.key());
        put(out, arrival.value());
        out.putInt(headers.length);
        for (Header header : headers) {
            put(out, header.key().getBytes(UTF_8));
            put(out, header.value());
        }
        out.putLong(arrival.size());
        put(out, bytes(arrival.fault()));
        return out.array();
    }

    public static Arrival read(byte[] bytes) {
        try {
            return read(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new SerializationException("these bytes are no arrival", e);
        }
    }

    private static Arrival read(ByteBuffer in) {
        byte version = in.get();
        if (version != VERSION && version != FIRST_VERSION) {
            throw new SerializationException("arrival has version %d, known is %d".formatted(version, VERSION));
        }
        Arrival.Kind kind = in.get() == 0 ? Arrival.Kind.RECORD : Arrival.Kind.MANIFEST;
        var position = new SourcePosition(in.getInt(), in.getLong());
        long timestamp = in.getLong();
        long routedAt = in.getLong();
        String topic = text(in);
        byte[] key = take(in);
        byte[] value = take(in);
        Headers headers = headers(in);
        if (version == FIRST_VERSION) {
            return new Arrival(kind, topic, position, timestamp, routedAt, headers, key, value);
        }
        long size = in.getLong();
        byte[] fault = take(in);
        return new Arrival(
                kind,
                topic,
                position,
                timestamp,
                routedAt,
                headers,
                key,
                value,
                size,
                fault == null ? null : new String(fault, UTF_8));
    }

    private static Headers headers(ByteBuffer in) {
        var headers = new RecordHeaders();
        for (int left = in.getInt(); left > 0; left--) {
            headers.add(text(in), take(in));
        }
        return headers;
    }

    private static int size(Arrival arrival, byte[] topic, Header[] headers) {
        int size = FIXED_BYTES + sized(topic) + sized(arrival.key()) + sized(arrival.value()) + Integer.BYTES;
        size += sized(bytes(arrival.fault()));
        for (Header header : headers) {
            size += sized(header.key().getBytes(UTF_8)) + sized(header.value());
        }
        return size;
    }

    private static int sized(byte @Nullable [] bytes) {
        return Integer.BYTES + (bytes == null ? 0 : bytes.length);
    }

    private static void put(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putInt(ABSENT);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }

    private static byte @Nullable [] take(ByteBuffer in) {
        int length = in.getInt();
        if (length == ABSENT) {
            return null;
        }
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = take(in);
        return bytes == null ? "" : new String(bytes, UTF_8);
    }
}
