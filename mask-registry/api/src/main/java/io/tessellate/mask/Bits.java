package io.tessellate.mask;

import java.util.function.IntConsumer;

/** Bitmaps in arrays of 64-bit words: bit i is bit {@code i & 63} of word {@code i >> 6}. */
public final class Bits {
    private Bits() {}

    public static long[] empty(int size) {
        return new long[words(size)];
    }

    static int words(int size) {
        return (size + 63) >>> 6;
    }

    public static boolean get(long[] words, int index) {
        return (words[index >> 6] & 1L << index) != 0;
    }

    public static void set(long[] words, int index) {
        words[index >> 6] |= 1L << index;
    }

    static void clearTail(long[] words, int size) {
        if ((size & 63) != 0) {
            words[words.length - 1] &= -1L >>> -size;
        }
    }

    public static long count(long[] words) {
        long count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Visits {@code first} plus the place of each bit that is set, in ascending order. */
    static void forEach(long[] words, int first, IntConsumer visitor) {
        for (int w = 0; w < words.length; w++) {
            for (long rest = words[w]; rest != 0; rest &= rest - 1) {
                visitor.accept(first + (w << 6) + Long.numberOfTrailingZeros(rest));
            }
        }
    }

    static long intersectionCount(long[] a, long[] b) {
        long count = 0;
        for (int w = 0; w < a.length; w++) {
            count += Long.bitCount(a[w] & b[w]);
        }
        return count;
    }
}
