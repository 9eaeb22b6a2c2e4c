package io.tessellate.engine.backend.owned;

import io.tessellate.engine.backend.FloatSource;
import io.tessellate.engine.backend.FloatVector;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A vector that keeps the floats at some places only, in a compact array: gradients of the weights a task owns. Others read
 * as 0, and what is written to them is dropped.
 */
public final class OwnedVector implements FloatVector {
    private final int extent;
    /** Ascending. */
    private final int[] places;

    private final float[] values;
    private final LongConsumer onClose;
    private final ProductRoom room;
    private final Map<Range, Attachment> attachments = new HashMap<>();
    private boolean closed;

    /**
     * Zeros at some places of several vectors, which share the room for whole products.
     *
     * @param sizes how many floats each stands for
     * @param places of each, ascending
     * @param onClose told once of each vector how many they were
     */
    public static List<FloatVector> several(int[] sizes, int[][] places, LongConsumer onClose) {
        ProductRoom room = new ProductRoom(sizes.length);
        return IntStream.range(0, sizes.length)
                .<FloatVector>mapToObj(v -> new OwnedVector(sizes[v], places[v], room, onClose))
                .toList();
    }

    private OwnedVector(int size, int[] places, ProductRoom room, LongConsumer onClose) {
        if (places.length > 0 && (places[0] < 0 || places[places.length - 1] >= size)) {
            throw new IndexOutOfBoundsException("places from %d to %d are outside a vector of %d"
                    .formatted(places[0], places[places.length - 1], size));
        }
        this.extent = size;
        this.places = places;
        this.values = new float[places.length];
        this.room = room;
        this.onClose = onClose;
    }

    /** The kept floats in the order of their places. */
    public float[] values() {
        if (closed) {
            throw new IllegalStateException("the vector is closed");
        }
        return values;
    }

    /** What a backend keeps beside the entries of a matrix; freed with the vector. */
    public interface Attachment {
        /** Frees it. */
        void close();
    }

    private record Range(int offset, int length) {}

    /** What is kept beside the entries of a range, made when it is asked for first. */
    Attachment attachment(int offset, int length, Supplier<? extends Attachment> make) {
        values();
        return attachments.computeIfAbsent(new Range(offset, length), range -> make.get());
    }

    /** Index of the first kept place that is not before {@code position}. */
    private int indexFrom(int position) {
        int found = Arrays.binarySearch(places, position);
        return found >= 0 ? found : -found - 1;
    }

    /** The kept entries of a matrix that lies from {@code offset} on. */
    public OwnedMatrix matrix(int offset, int rows, int columns) {
        int length = Math.multiplyExact(rows, columns);
        Objects.checkFromIndexSize(offset, length, extent);
        int first = indexFrom(offset);
        int[] entries = Arrays.copyOfRange(places, first, indexFrom(offset + length));
        for (int i = 0; i < entries.length; i++) {
            entries[i] -= offset;
        }
        return new OwnedMatrix(this, offset, rows, columns, first, entries, DiagonalRuns.of(entries, rows, columns));
    }

    /** Memory for whole products, at least so large. It is allocated when a product is needed first. */
    public FloatVector products(int floats, Supplier<FloatVector> allocate) {
        values();
        return room.atLeast(floats, allocate);
    }

    @Override
    public int size() {
        return extent;
    }

    @Override
    public void get(int offset, float[] target, int from, int length) {
        Objects.checkFromIndexSize(offset, length, extent);
        Arrays.fill(target, from, from + length, 0f);
        int end = indexFrom(offset + length);
        for (int i = indexFrom(offset); i < end; i++) {
            target[from + places[i] - offset] = values()[i];
        }
    }

    @Override
    public void put(int offset, float[] source, int from, int length) {
        Objects.checkFromIndexSize(offset, length, extent);
        int end = indexFrom(offset + length);
        for (int i = indexFrom(offset); i < end; i++) {
            values()[i] = source[from + places[i] - offset];
        }
    }

    @Override
    public void fillFrom(int offset, int length, FloatSource source) {
        float[] all = new float[length];
        source.read(0, length, FloatBuffer.wrap(all));
        put(offset, all, 0, length);
    }

    @Override
    public void gather(int[] indices, float[] target, int count) {
        if (indices == places) {
            System.arraycopy(values(), 0, target, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int found = Arrays.binarySearch(places, indices[i]);
            target[i] = found >= 0 ? values()[found] : 0f;
        }
    }

    @Override
    public void scatter(int[] indices, float[] source, int count) {
        for (int i = 0; i < count; i++) {
            int found = Arrays.binarySearch(places, indices[i]);
            if (found >= 0) {
                values()[found] = source[i];
            }
        }
    }

    @Override
    public void fill(int offset, int length, float value) {
        Objects.checkFromIndexSize(offset, length, extent);
        Arrays.fill(values(), indexFrom(offset), indexFrom(offset + length), value);
    }

    @Override
    public void copyFrom(FloatVector source) {
        OwnedVector other = (OwnedVector) source;
        if (!Arrays.equals(places, other.places)) {
            throw new IllegalArgumentException("vectors that keep different places cannot copy each other");
        }
        System.arraycopy(other.values(), 0, values(), 0, places.length);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        onClose.accept(places.length);
        room.leave();
        attachments.values().forEach(Attachment::close);
        attachments.clear();
    }
}
