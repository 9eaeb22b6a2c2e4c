package io.tessellate.ingest.attempt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.ArrivalSerde;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Arrivals that cannot be judged yet, per task in the order they came. */
final class DeferredArrivals {
    private final KeyValueStore<Bytes, byte[]> store;

    DeferredArrivals(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    void join(DatasetProgress dataset, Arrival arrival) {
        long number = dataset.waiting(arrival.kind()).join();
        store.put(key(dataset, arrival.kind(), number), ArrivalSerde.write(arrival));
    }

    /** The first in line; only while there is one. */
    Arrival first(DatasetProgress dataset, Arrival.Kind kind) {
        long number = dataset.waiting(kind).first();
        byte[] bytes = store.get(key(dataset, kind, number));
        if (bytes == null) {
            throw new IllegalStateException("%s lost its waiting %s number %d".formatted(dataset.task(), kind, number));
        }
        return ArrivalSerde.read(bytes);
    }

    void leave(DatasetProgress dataset, Arrival.Kind kind) {
        QueuePositions line = dataset.waiting(kind);
        store.delete(key(dataset, kind, line.first()));
        line.leave();
    }

    /** Sends everybody away; returns how many records stood in line. */
    long clear(DatasetProgress dataset) {
        clear(dataset, Arrival.Kind.MANIFEST);
        return clearRecords(dataset);
    }

    /** Sends the records away; returns how many stood in line. */
    long clearRecords(DatasetProgress dataset) {
        return clear(dataset, Arrival.Kind.RECORD);
    }

    private long clear(DatasetProgress dataset, Arrival.Kind kind) {
        long stood = dataset.waiting(kind).length();
        while (!dataset.waiting(kind).isEmpty()) {
            leave(dataset, kind);
        }
        return stood;
    }

    private static Bytes key(DatasetProgress dataset, Arrival.Kind kind, long number) {
        byte[] task = dataset.task().toString().getBytes(UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(task.length + 2 + Long.BYTES)
                .put(task)
                .put((byte) 0)
                .put((byte) kind.ordinal())
                .putLong(number)
                .array());
    }
}
