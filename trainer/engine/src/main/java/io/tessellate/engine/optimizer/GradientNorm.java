package io.tessellate.engine.optimizer;

/** The L2 norm over all trained entries, and clipping to it. */
public final class GradientNorm {
    private GradientNorm() {}

    /** The norm; infinite or not a number as soon as one entry is. */
    public static double of(float[] gradient) {
        double sum = 0;
        for (float g : gradient) {
            sum += (double) g * g;
        }
        return Math.sqrt(sum);
    }

    /** Scales the gradient down so that its norm is at most {@code limit}; 0 switches clipping off. */
    public static void clipInPlace(float[] gradient, double norm, double limit) {
        if (limit == 0 || norm <= limit) {
            return;
        }
        float factor = (float) (limit / norm);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= factor;
        }
    }
}
