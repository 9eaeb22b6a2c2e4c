package io.tessellate.engine.model.batch;

import io.tessellate.engine.backend.DropoutBits;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.ProbabilityDropout;

/**
 * Dropout (Srivastava et al. 2014): an entry becomes 0 with probability {@code rate}, else it is divided by {@code 1 -
 * rate}. Whether an entry is kept is a function of key, site, example, token and column alone: no generator has a state, the
 * backward pass computes the same mask again instead of keeping it, every backend gets the same bits, and neither packing
 * nor the division of a step into parts changes anything. Attention probabilities have a rate of their own.
 *
 * @param rate share of the hidden entries that are dropped, in [0, 1)
 * @param attentionRate share of the attention probabilities that are dropped, in [0, 1)
 * @param key what tells this step from others
 * @param firstExample number of the batch's first example within its step
 */
public record Dropout(double rate, double attentionRate, long key, int firstExample) {
    /** The site of the features that a head sees; those inside an encoder are counted from 0. */
    public static final int FEATURES = -1;

    /** Added to a layer's number: the site of its attention probabilities. */
    private static final long PROBABILITIES = 1L << 32;

    /** Added to a layer's number: the site of the vectors of relative places. */
    private static final long PLACES = 1L << 33;

    /** Checks the rates. */
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout must lie in [0, 1): " + rate);
        }
        if (!(attentionRate >= 0 && attentionRate < 1)) {
            throw new IllegalArgumentException("attention dropout must lie in [0, 1): " + attentionRate);
        }
    }

    /** Drops hidden values only. */
    public Dropout(double rate, long key, int firstExample) {
        this(rate, 0, key, firstExample);
    }

    /** Drops nothing. */
    public static Dropout none() {
        return new Dropout(0, 0, 0, 0);
    }

    /** The same for a part of the step's examples that begins with this one. */
    public Dropout from(int example) {
        return new Dropout(rate, attentionRate, key, example);
    }

    /** An independent one of the same step. */
    public Dropout other() {
        return new Dropout(rate, attentionRate, DropoutBits.mix(key + DropoutBits.GOLDEN), firstExample);
    }

    /** What a layer drops of its attention probabilities. */
    public ProbabilityDropout probabilities(int layer) {
        return attentionRate == 0
                ? ProbabilityDropout.NONE
                : new ProbabilityDropout(attentionRate, siteKey(PROBABILITIES + layer), firstExample);
    }

    /** Whether any hidden values are dropped. */
    public boolean active() {
        return rate > 0;
    }

    /** x = dropout(x), for the rows of real tokens. */
    public void apply(Matrix x, Batch batch, int site) {
        scale(x, x, batch, site);
    }

    /** into = dropout(from) or its gradient, where row b is that of the token at {@code positions[b]} of sequence b. */
    public void applyTo(int[] positions, Matrix from, Matrix into, int site) {
        float[] rows = new float[from.size()];
        from.get(rows);
        for (int b = 0; b < positions.length; b++) {
            scaleRow(rows, b * from.columns(), from.columns(), rowKey(site, b, positions[b]));
        }
        into.put(rows);
    }

    /** into = the gradient before dropout where {@code gradient} is that after it. */
    public void backward(Matrix gradient, Matrix into, Batch batch, int site) {
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

    /**
     * into = what a layer leaves of the vectors of relative places, the same for all examples of a step; or the gradient before
     * that.
     *
     * @param first number of the first place
     */
    public void places(Matrix from, Matrix into, int first, int layer) {
        float[] rows = new float[from.size()];
        from.get(rows);
        long key = siteKey(PLACES + layer);
        for (int r = 0; r < from.rows(); r++) {
            scaleRow(rows, r * from.columns(), from.columns(), DropoutBits.mix(key ^ (first + r)));
        }
        into.put(rows);
    }

    /** Scales features, [examples x width], or their gradients, in place. */
    public void scale(float[] features, int width, int site) {
        if (!active()) {
            return;
        }
        for (int b = 0; b * width < features.length; b++) {
            scaleRow(features, b * width, width, rowKey(site, b, 0));
        }
    }

    private void scaleRow(float[] values, int from, int width, long rowKey) {
        DropoutBits.drop(rate, rowKey, 0, values, from, width);
    }

    private long rowKey(int site, int example, int position) {
        return DropoutBits.mix(siteKey(site) ^ ((long) (firstExample + example) << 32 | position));
    }

    private long siteKey(long site) {
        return DropoutBits.mix(key + site * DropoutBits.GOLDEN);
    }
}
