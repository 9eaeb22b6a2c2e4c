package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import java.util.Objects;

/**
 * A number for each parameter of a layout: one vector per segment. Places are those of the layout's row. Whoever made the
 * vectors closes them.
 *
 * @param layout how many numbers there are, and where the row is cut
 * @param segments a vector for each segment
 */
public record ParameterVector(ParameterLayout layout, List<FloatVector> segments) {
    /** Copies the list, which must fit the layout. */
    public ParameterVector {
        segments = List.copyOf(segments);
        if (segments.size() != layout.segments().size()) {
            throw new IllegalArgumentException("%d vectors cannot hold %s".formatted(segments.size(), layout));
        }
    }

    /** How many numbers there are. */
    public long size() {
        return layout.size();
    }

    /** What is done with the part of a stretch that lies in one segment. */
    private interface Piece {
        void take(FloatVector vector, int index, int done, int count);
    }

    private void pieces(long place, int count, Piece piece) {
        Objects.checkFromIndexSize(place, count, layout.size());
        int done = 0;
        for (int s = count == 0 ? 0 : layout.segmentOf(place); done < count; s++) {
            ParameterLayout.Segment segment = layout.segments().get(s);
            int index = segment.index(place + done);
            int some = Math.min(count - done, segment.size() - index);
            piece.take(segments.get(s), index, done, some);
            done += some;
        }
    }

    /** Copies {@code length} numbers from a place on into {@code target}, starting at {@code from}. */
    public void get(long place, float[] target, int from, int length) {
        Objects.checkFromIndexSize(from, length, target.length);
        pieces(place, length, (vector, index, done, count) -> vector.get(index, target, from + done, count));
    }

    /** Copies {@code length} numbers of {@code source}, starting at {@code from}, to a place and on. */
    public void put(long place, float[] source, int from, int length) {
        Objects.checkFromIndexSize(from, length, source.length);
        pieces(place, length, (vector, index, done, count) -> vector.put(index, source, from + done, count));
    }

    /** Sets {@code length} numbers from a place on to one value. */
    public void fill(long place, int length, float value) {
        pieces(place, length, (vector, index, done, count) -> vector.fill(index, count, value));
    }

    /** A copy of a stretch in a new array; fails if it is too long for one. */
    public float[] toArray(long place, long length) {
        float[] copy = new float[Math.toIntExact(length)];
        get(place, copy, 0, copy.length);
        return copy;
    }

    /** Reads single numbers into the first blocks of a row, one for each block of the places. */
    public void gather(WeightPlaces places, FloatBlocks into) {
        for (int b = 0; b < places.blocks().size(); b++) {
            WeightPlaces.Block block = places.blocks().get(b);
            segments.get(block.segment()).gather(block.indices(), into.block(b), block.indices().length);
        }
    }

    /** Assigns single numbers from the first blocks of a row, one for each block of the places. */
    public void scatter(WeightPlaces places, FloatBlocks from) {
        for (int b = 0; b < places.blocks().size(); b++) {
            WeightPlaces.Block block = places.blocks().get(b);
            segments.get(block.segment()).scatter(block.indices(), from.block(b), block.indices().length);
        }
    }

    /** Reads everything into the first blocks of a row, one for each segment. */
    public void read(FloatBlocks into) {
        for (int s = 0; s < segments.size(); s++) {
            segments.get(s).get(0, into.block(s), 0, segments.get(s).size());
        }
    }

    /** Assigns everything from the first blocks of a row, one for each segment. */
    public void assign(FloatBlocks from) {
        for (int s = 0; s < segments.size(); s++) {
            segments.get(s).put(0, from.block(s), 0, segments.get(s).size());
        }
    }

    /** Reads single entries of one tensor. */
    float[] read(ParameterTensor tensor, int[] entries) {
        float[] values = new float[entries.length];
        segmentOf(tensor).gather(indices(tensor, entries), values, values.length);
        return values;
    }

    /** Assigns single entries of one tensor. */
    void assign(ParameterTensor tensor, int[] entries, float[] values) {
        segmentOf(tensor).scatter(indices(tensor, entries), values, entries.length);
    }

    private FloatVector segmentOf(ParameterTensor tensor) {
        return segments.get(layout.segmentOf(tensor.offset()));
    }

    private int[] indices(ParameterTensor tensor, int[] entries) {
        int first = layout.segments().get(layout.segmentOf(tensor.offset())).index(tensor.offset());
        int[] indices = new int[entries.length];
        for (int i = 0; i < entries.length; i++) {
            indices[i] = first + Objects.checkIndex(entries[i], tensor.size());
        }
        return indices;
    }
}
