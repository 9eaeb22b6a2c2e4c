package io.tessellate.engine.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One row of floats in blocks: more than one array could hold, as long as no block is. What goes through the row from its
 * beginning to its end goes through the blocks in their order, so where it is cut shows in no result.
 */
public final class FloatBlocks {
    private final List<float[]> blocks;

    private FloatBlocks(List<float[]> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /** Zeros in blocks of these lengths. */
    public static FloatBlocks zeros(int... lengths) {
        return of(IntStream.of(lengths).mapToObj(float[]::new).toList());
    }

    /** These arrays, which are not copied, one after the other. */
    public static FloatBlocks of(float[]... blocks) {
        return of(List.of(blocks));
    }

    /** These arrays, which are not copied, one after the other. */
    public static FloatBlocks of(List<float[]> blocks) {
        return new FloatBlocks(blocks);
    }

    /** No floats. */
    public static FloatBlocks none() {
        return new FloatBlocks(List.of());
    }

    /** How many blocks there are. */
    public int count() {
        return blocks.size();
    }

    /** A block itself: what is written to it is written to the row. */
    public float[] block(int b) {
        return blocks.get(b);
    }

    /** All blocks themselves. */
    public List<float[]> all() {
        return blocks;
    }

    /** How many floats there are in all blocks. */
    public long size() {
        return blocks.stream().mapToLong(block -> block.length).sum();
    }

    /** The lengths of the blocks. */
    public int[] lengths() {
        return blocks.stream().mapToInt(block -> block.length).toArray();
    }

    /** The same floats, changed on their own. */
    public FloatBlocks copy() {
        return new FloatBlocks(blocks.stream().map(float[]::clone).toList());
    }

    /** Zeros in blocks of the same lengths. */
    public FloatBlocks zeros() {
        return zeros(lengths());
    }

    /** The same row with the blocks of another behind its own; neither is copied. */
    public FloatBlocks then(List<float[]> more) {
        List<float[]> longer = new ArrayList<>(blocks);
        longer.addAll(more);
        return new FloatBlocks(longer);
    }

    /** The first so many of its blocks, not copied. */
    public FloatBlocks first(int count) {
        return new FloatBlocks(blocks.subList(0, count));
    }

    /** Takes over the floats of a row in as many blocks of the same lengths. */
    public void copyFrom(FloatBlocks other) {
        if (!Arrays.equals(lengths(), other.lengths())) {
            throw new IllegalArgumentException("a row of %d floats in %d blocks cannot take one of %d in %d"
                    .formatted(size(), count(), other.size(), other.count()));
        }
        for (int b = 0; b < count(); b++) {
            System.arraycopy(other.block(b), 0, block(b), 0, block(b).length);
        }
    }

    /** All floats in one new array; fails if they are too many for one. */
    public float[] toArray() {
        float[] all = new float[Math.toIntExact(size())];
        int at = 0;
        for (float[] block : blocks) {
            System.arraycopy(block, 0, all, at, block.length);
            at += block.length;
        }
        return all;
    }

    @Override
    public String toString() {
        return "%d floats in %d blocks".formatted(size(), count());
    }
}
