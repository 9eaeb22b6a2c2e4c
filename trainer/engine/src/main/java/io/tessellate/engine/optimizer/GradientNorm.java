package io.tessellate.engine.optimizer;

import io.tessellate.engine.values.FloatBlocks;
import java.util.List;

/** The L2 norm over all trained entries, and clipping to it. */
public final class GradientNorm {
    private GradientNorm() {}

    /** The norm; infinite or not a number as soon as one entry is. */
    public static double of(FloatBlocks gradient) {
        double sum = 0;
        for (float[] block : gradient.all()) {
            sum = addSquares(sum, block, 0, block.length);
        }
        return Math.sqrt(sum);
    }

    /** The norm of one array. */
    public static double of(float[] gradient) {
        return Math.sqrt(addSquares(0, gradient, 0, gradient.length));
    }

    private static double addSquares(double before, float[] gradient, int from, int to) {
        double sum = before;
        for (int i = from; i < to; i++) {
            sum += (double) gradient[i] * gradient[i];
        }
        return sum;
    }

    /** Scales the gradient down so that its norm is at most {@code limit}; 0 switches clipping off. */
    public static void clipInPlace(FloatBlocks gradient, double norm, double limit) {
        gradient.all().forEach(block -> clipInPlace(block, 0, block.length, norm, limit));
    }

    /**
     * The same of every stretch of the gradient by itself.
     *
     * @param starts for each block where its stretches begin, each of which goes to the next start or the block's end
     */
    public static void clipEachInPlace(FloatBlocks gradient, List<int[]> starts, double limit) {
        for (int b = 0; b < starts.size(); b++) {
            float[] block = gradient.block(b);
            int[] from = starts.get(b);
            for (int n = 0; n < from.length; n++) {
                int to = n + 1 < from.length ? from[n + 1] : block.length;
                double norm = Math.sqrt(addSquares(0, block, from[n], to));
                clipInPlace(block, from[n], to, norm, limit);
            }
        }
    }

    private static void clipInPlace(float[] gradient, int from, int to, double norm, double limit) {
        if (limit == 0 || norm <= limit) {
            return;
        }
        float factor = (float) (limit / norm);
        for (int i = from; i < to; i++) {
            gradient[i] *= factor;
        }
    }
}
