package io.tessellate.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the wire format of protocol buffers (<a href="https://protobuf.dev/programming-guides/encoding/">encoding</a>). Its
 * length is known before it is written, as those around it ask for; long contents are made when their turn comes. A message must not
 * grow any more once it lies in another.
 */
final class WireMessage {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final List<Content> parts = new ArrayList<>();
    private long length;

    /** Something that writes the bytes it promised. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** An integer or an enum's number. */
    WireMessage number(int field, long value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        varint(field << 3 | VARINT, bytes);
        varint(value, bytes);
        return append(bytes.toByteArray());
    }

    /** A number in single precision. */
    WireMessage real(int field, float value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        varint(field << 3 | FIXED32, bytes);
        bytes.writeBytes(ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array());
        return append(bytes.toByteArray());
    }

    /** A text. */
    WireMessage text(int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(field, bytes.length, out -> out.write(bytes));
    }

    /** A message within this one. */
    WireMessage message(int field, WireMessage inner) {
        return bytes(field, inner.length, inner::writeTo);
    }

    /** Bytes of which the number is known. */
    WireMessage bytes(int field, long count, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        varint(field << 3 | LENGTH, bytes);
        varint(count, bytes);
        append(bytes.toByteArray());
        parts.add(content);
        length += count;
        return this;
    }

    private WireMessage append(byte[] bytes) {
        parts.add(out -> out.write(bytes));
        length += bytes.length;
        return this;
    }

    private static void varint(long value, ByteArrayOutputStream out) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Number of its bytes. */
    long length() {
        return length;
    }

    void writeTo(OutputStream out) throws IOException {
        for (Content part : parts) {
            part.writeTo(out);
        }
    }
}
