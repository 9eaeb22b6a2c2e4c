package io.tessellate.engine.model;

import io.tessellate.engine.backend.Matrix;

/**
 * Dropout (Srivastava et al. 2014): an entry becomes 0 with probability {@code rate}, else it is divided by {@code 1 -
 * rate}. Whether an entry is kept is a function of key, site, example, token and column alone: no generator has a state, the
 * backward pass computes the same mask again instead of keeping it, every backend gets the same bits, and neither packing
 * nor the division of a step into parts changes anything. The function is the output mix of SplitMix64 (Steele, Lea and
 * Flood 2014), applied to a counter.
 *
 * @param rate share of the entries that are dropped, in [0, 1)
 * @param key what tells this step from others
 * @param firstExample number of the batch's first example within its step
 */
public record Dropout(double rate, long key, int firstExample) {
    /** The site of the features that a head sees; those inside an encoder are counted from 0. */
    static final int FEATURES = -1;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Checks the rate. */
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout must lie in [0, 1): " + rate);
        }
    }

    /** Drops nothing. */
    public static Dropout none() {
        return new Dropout(0, 0, 0);
    }

    /** The same for a part of the step's examples that begins with this one. */
    public Dropout from(int example) {
        return new Dropout(rate, key, example);
    }

    /** An independent one of the same step. */
    public Dropout other() {
        return new Dropout(rate, mix(key + GOLDEN), firstExample);
    }

    /** Whether anything is dropped. */
    boolean active() {
        return rate > 0;
    }

    /** x = dropout(x), for the rows of real tokens. */
    void apply(Matrix x, Batch batch, int site) {
        scale(x, x, batch, site);
    }

    /** into = the gradient before dropout where {@code gradient} is that after it. */
    void backward(Matrix gradient, Matrix into, Batch batch, int site) {
        scale(gradient, into, batch, site);
    }

    private void scale(Matrix from, Matrix into, Batch batch, int site) {
        float[] rows = new float[from.size()];
        from.get(rows);
        for (int b = 0; b < batch.size(); b++) {
            int start = batch.row(b, 0) * from.columns();
            for (int s = 0; s < batch.length(b); s++) {
                scaleRow(rows, start + s * from.columns(), from.columns(), rowKey(site, b, s));
            }
        }
        into.put(rows);
    }

    /** Scales features, [examples x width], or their gradients, in place. */
    void scale(float[] features, int width, int site) {
        if (!active()) {
            return;
        }
        for (int b = 0; b * width < features.length; b++) {
            scaleRow(features, b * width, width, rowKey(site, b, 0));
        }
    }

    private void scaleRow(float[] values, int from, int width, long rowKey) {
        long least = (long) (rate * (1L << 32));
        float kept = (float) (1 / (1 - rate));
        for (int c = 0; c < width; c++) {
            long drawn = mix(rowKey + c * GOLDEN) >>> 32;
            values[from + c] *= drawn >= least ? kept : 0f;
        }
    }

    private long rowKey(int site, int example, int position) {
        long where = mix(key + site * GOLDEN);
        return mix(where ^ ((long) (firstExample + example) << 32 | position));
    }

    private static long mix(long counter) {
        long z = (counter ^ counter >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
