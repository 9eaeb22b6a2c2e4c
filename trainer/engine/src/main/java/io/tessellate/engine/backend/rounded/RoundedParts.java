package io.tessellate.engine.backend.rounded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The parts of a vector that are kept as bf16 numbers as well. A range that is written is rounded when its part is asked for
 * next; single values at once.
 *
 * @param <T> what holds the values of a part
 */
public final class RoundedParts<T> {
    /** From one changed value in so many on, rounding all of a part again is faster. */
    private static final int DENSE = 16;

    private final RoundedStore<T> store;
    private final LongConsumer allocated;
    private final List<Part> parts = new ArrayList<>();

    /** No parts; {@code allocated} is told how many bytes more are in use, or less. */
    public RoundedParts(RoundedStore<T> store, LongConsumer allocated) {
        this.store = store;
        this.allocated = allocated;
    }

    /** The rounded values of a range, valid until the vector is closed. */
    public synchronized T part(int offset, int size) {
        Part part = parts.stream()
                .filter(known -> known.offset == offset && known.size == size)
                .findFirst()
                .orElseGet(() -> add(offset, size));
        part.round();
        return part.values;
    }

    private Part add(int offset, int size) {
        Part part = new Part(offset, size);
        allocated.accept((long) Short.BYTES * size);
        parts.add(part);
        return part;
    }

    /** Notes that a range was written. */
    public synchronized void wrote(int offset, int length) {
        for (Part part : parts) {
            int from = Math.max(offset, part.offset);
            int to = Math.min(offset + length, part.end());
            if (from < to) {
                part.wrote(from - part.offset, to - part.offset);
            }
        }
    }

    /** Notes that the values at the first {@code count} indices were written. */
    public synchronized void wrote(int[] indices, int count) {
        if (parts.isEmpty()) {
            return;
        }
        boolean ascending = isAscending(indices, count);
        for (Part part : parts) {
            int from = ascending ? first(indices, count, part.offset) : 0;
            int to = ascending ? first(indices, count, part.end()) : count;
            if (!ascending || (long) (to - from) * DENSE > part.size) {
                part.wrote(0, part.size);
            } else if (to > from) {
                store.roundEach(part.values, part.offset, indices, from, to);
            }
        }
    }

    private static boolean isAscending(int[] indices, int count) {
        for (int i = 1; i < count; i++) {
            if (indices[i] < indices[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** How many indices lie before a place. */
    private static int first(int[] indices, int count, int place) {
        int found = Arrays.binarySearch(indices, 0, count, place);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && indices[found - 1] == place) {
            found--;
        }
        return found;
    }

    /** Frees all of them. */
    public synchronized void close() {
        for (Part part : parts) {
            allocated.accept(-(long) Short.BYTES * part.size);
            store.free(part.values);
        }
        parts.clear();
    }

    /** A part, and the range of it that was written since it was rounded. */
    private final class Part {
        private final int offset;
        private final int size;
        private final T values;
        private int staleFrom;
        private int staleTo;

        Part(int offset, int size) {
            this.offset = offset;
            this.size = size;
            this.values = store.allocate(size);
            this.staleTo = size;
        }

        int end() {
            return offset + size;
        }

        void wrote(int from, int to) {
            staleFrom = staleTo == 0 ? from : Math.min(staleFrom, from);
            staleTo = Math.max(staleTo, to);
        }

        void round() {
            if (staleTo > 0) {
                store.round(values, offset, staleFrom, staleTo);
                staleTo = 0;
            }
        }
    }
}
