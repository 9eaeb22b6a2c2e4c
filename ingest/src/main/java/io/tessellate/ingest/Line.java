package io.tessellate.ingest;

import java.nio.ByteBuffer;

/** Numbers of those who stand in line: first come, first served. */
final class Line {
    static final int BYTES = 2 * Long.BYTES;

    private long head;
    private long end;

    /** The number of the one who joins at the end. */
    long join() {
        return end++;
    }

    /** The number of the first; only while somebody waits. */
    long first() {
        return head;
    }

    /** The first has been served. */
    void leave() {
        head++;
    }

    long length() {
        return end - head;
    }

    boolean isEmpty() {
        return end == head;
    }

    void save(ByteBuffer out) {
        out.putLong(head).putLong(end);
    }

    static Line restore(ByteBuffer in) {
        var line = new Line();
        line.head = in.getLong();
        line.end = in.getLong();
        return line;
    }
}
