package io.tessellate.ingest.attempt;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Numbers of those who stand in line: first come, first served. */
final class QueuePositions {
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

    void save(DataOutput out) throws IOException {
        out.writeLong(head);
        out.writeLong(end);
    }

    static QueuePositions restore(DataInput in) throws IOException {
        var line = new QueuePositions();
        line.head = in.readLong();
        line.end = in.readLong();
        return line;
    }
}
