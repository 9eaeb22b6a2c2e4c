package io.tessellate.engine.optimizer;

/** The L2 norm over all trained entries, and clipping to it. */
public final class GradientNorm {
    private GradientNorm() {}

    /** The norm; infinite or not a number as soon as one entry is. */
    public static double of(float[] gradient) {
        return of(gradient, 0, gradient.length);
    }

    /** The norm of the entries from {@code from} to before {@code to}. */
    public static double of(float[] gradient, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) gradient[i] * gradient[i];
        }
        return Math.sqrt(sum);
    }

    /** Scales the gradient down so that its norm is at most {@code limit}; 0 switches clipping off. */
    public static void clipInPlace(float[] gradient, double norm, double limit) {
        clipInPlace(gradient, 0, gradient.length, norm, limit);
    }

    /** The same of every stretch of the gradient by itself: the n-th goes from {@code starts[n]} to the next start. */
    public static void clipEachInPlace(float[] gradient, int[] starts, double limit) {
        for (int n = 0; n < starts.length; n++) {
            int to = n + 1 < starts.length ? starts[n + 1] : gradient.length;
            clipInPlace(gradient, starts[n], to, of(gradient, starts[n], to), limit);
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
