package io.tessellate.engine.storage;

import java.util.Arrays;

/**
 * Values at some places of a range: a bit for each place, and the values of those that have one in their order. A value is
 * found by counting the bits before it, for which the count at the beginning of every 64 places is kept. That is 3/16 of a
 * byte for every place and 4 for every value, and nothing as long as there is no value.
 */
final class Overlay {
    private static final int WORD = 6;
    private static final int MASK = (1 << WORD) - 1;

    private final int words;
    private final long[] bits;
    private final int[] before;
    private final float[] values;

    private Overlay(int words, long[] bits, float[] values) {
        this.words = words;
        this.bits = bits;
        this.before = new int[bits.length];
        this.values = values;
        int count = 0;
        for (int w = 0; w < bits.length; w++) {
            before[w] = count;
            count += Long.bitCount(bits[w]);
        }
    }

    /** No values in a range of that size. */
    static Overlay none(int size) {
        return new Overlay((int) (((long) size + MASK) >>> WORD), new long[0], new float[0]);
    }

    private Overlay(Overlay other) {
        this.words = other.words;
        this.bits = other.bits;
        this.before = other.before;
        this.values = other.values.clone();
    }

    /** The same values, changed on their own. */
    Overlay copy() {
        return new Overlay(this);
    }

    int count() {
        return values.length;
    }

    boolean has(int place) {
        return bits.length > 0 && ((bits[place >>> WORD] >>> place) & 1) != 0;
    }

    /** The value of a place that has one. */
    float get(int place) {
        return values[rank(place)];
    }

    /** Changes the value of a place that has one. */
    void set(int place, float value) {
        values[rank(place)] = value;
    }

    private int rank(int place) {
        int word = place >>> WORD;
        return before[word] + Long.bitCount(bits[word] & ((1L << place) - 1));
    }

    /** Puts the values there are over those of a range. */
    void over(int place, float[] target, int from, int count) {
        if (values.length == 0 || count == 0) {
            return;
        }
        int end = place + count;
        for (int word = place >>> WORD; word <= (end - 1) >>> WORD; word++) {
            int next = before[word];
            for (long left = bits[word]; left != 0; left &= left - 1) {
                int at = (word << WORD) + Long.numberOfTrailingZeros(left);
                if (at >= place && at < end) {
                    target[from + at - place] = values[next];
                }
                next++;
            }
        }
    }

    /** The bits of places to be added. */
    long[] noBits() {
        return new long[words];
    }

    /** Marks a place. */
    static void mark(long[] marks, int place) {
        marks[place >>> WORD] |= 1L << place;
    }

    /** The same with more places, whose values are 0 until they are set. */
    Overlay with(long[] more) {
        long[] old = bits.length == 0 ? new long[words] : bits;
        long[] all = old.clone();
        int count = 0;
        for (int w = 0; w < all.length; w++) {
            all[w] |= more[w];
            count += Long.bitCount(all[w]);
        }
        float[] grown = new float[count];
        int from = 0;
        int to = 0;
        for (int w = 0; w < all.length; w++) {
            if (all[w] == old[w]) {
                int same = Long.bitCount(all[w]);
                System.arraycopy(values, from, grown, to, same);
                from += same;
                to += same;
                continue;
            }
            for (long left = all[w]; left != 0; left &= left - 1) {
                long lowest = left & -left;
                grown[to++] = (old[w] & lowest) != 0 ? values[from++] : 0f;
            }
        }
        return new Overlay(words, all, grown);
    }

    @Override
    public String toString() {
        return "%d values: %s".formatted(values.length, Arrays.toString(Arrays.copyOf(values, Math.min(8, count()))));
    }
}
