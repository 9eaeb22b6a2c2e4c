package io.tessellate.engine.backend;

/**
 * Dropout of attention probabilities: a probability becomes 0 with probability {@code rate}, else it is divided by {@code 1
 * - rate}. Whether one is kept is a function of key, example, head, query and key position alone, so that every backend
 * gets the same bits and the backward pass computes them again.
 *
 * @param rate share of the probabilities that are dropped, in [0, 1)
 * @param key what tells this layer of this step from others
 * @param firstExample number of the batch's first sequence within its step
 */
public record ProbabilityDropout(double rate, long key, int firstExample) {
    /** Drops nothing. */
    public static final ProbabilityDropout NONE = new ProbabilityDropout(0, 0, 0);

    /** Checks the rate. */
    public ProbabilityDropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("attention dropout must lie in [0, 1): " + rate);
        }
    }

    /** Whether anything is dropped. */
    public boolean active() {
        return rate > 0;
    }

    /**
     * Multiplies a query's probabilities by 0 or by what makes up for the dropped ones.
     *
     * @param sequence within the batch
     * @param head query head within the sequence
     * @param query its position
     * @param firstKey the key position that the first probability belongs to
     * @param row holds the probabilities
     * @param from where they begin there
     * @param count how many there are
     */
    public void scale(int sequence, int head, int query, int firstKey, float[] row, int from, int count) {
        DropoutBits.drop(rate, rowKey(sequence, head, query), firstKey, row, from, count);
    }

    /**
     * What tells the probabilities of a query from those of others: that of key position k is kept if the upper half of
     * {@code mix(rowKey + k GOLDEN)} is at least {@link DropoutBits#least}.
     */
    public long rowKey(int sequence, int head, int query) {
        long where = DropoutBits.mix(key + head * DropoutBits.GOLDEN);
        return DropoutBits.mix(where ^ ((long) (firstExample + sequence) << 32 | query));
    }
}
