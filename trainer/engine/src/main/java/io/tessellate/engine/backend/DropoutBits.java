package io.tessellate.engine.backend;

/** Random bits of a counter: the output mix of SplitMix64 (Steele, Lea and Flood 2014), without a state. */
public final class DropoutBits {
    /** What a counter moves on by: the fraction of the golden ratio, in 64 bits. */
    public static final long GOLDEN = 0x9E3779B97F4A7C15L;
    /** What the mix multiplies with first. */
    public static final long FIRST = 0xBF58476D1CE4E5B9L;
    /** What it multiplies with then. */
    public static final long SECOND = 0x94D049BB133111EBL;

    private DropoutBits() {}

    /** The bits that belong to a counter. */
    public static long mix(long counter) {
        long z = (counter ^ counter >>> 30) * FIRST;
        z = (z ^ z >>> 27) * SECOND;
        return z ^ z >>> 31;
    }

    /**
     * Multiplies values by 0 with probability {@code rate}, else by 1 / (1 - rate).
     *
     * @param key what tells this row of values from others
     * @param first number of the row's first value here
     */
    public static void drop(double rate, long key, int first, float[] values, int from, int count) {
        long least = least(rate);
        float kept = kept(rate);
        for (int i = 0; i < count; i++) {
            long drawn = mix(key + (first + i) * GOLDEN) >>> 32;
            values[from + i] *= drawn >= least ? kept : 0f;
        }
    }

    /** The least upper half of its bits with which a value is kept, where values are dropped with probability {@code rate}. */
    public static long least(double rate) {
        return (long) (rate * (1L << 32));
    }

    /** What a value is multiplied with that is kept. */
    public static float kept(double rate) {
        return (float) (1 / (1 - rate));
    }
}
