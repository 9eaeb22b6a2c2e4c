package io.tessellate.mask;

/** Bitmaps in arrays of 64-bit words: bit i is bit {@code i & 63} of word {@code i >> 6}. */
public final class Bits {
    private Bits() {}

    public static long[] empty(int size) {
        return new long[(size + 63) >>> 6];
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

    static boolean intersect(long[] a, long[] b) {
        for (int w = 0; w < a.length; w++) {
            if ((a[w] & b[w]) != 0) {
                return true;
            }
        }
        return false;
    }

    static long intersectionCount(long[] a, long[] b) {
        long count = 0;
        for (int w = 0; w < a.length; w++) {
            count += Long.bitCount(a[w] & b[w]);
        }
        return count;
    }
}
