package io.tessellate.engine.model;

import java.util.List;

/**
 * The mean cross entropy of a {@link ToyEncoder} as a function of its weights: the slow reference in double precision, one
 * sequence at a time, with slopes by central differences. For tests of other packages.
 */
public final class SlowToyLoss {
    private static final double STEP = 1e-5;

    private final double[] weights;
    private final ReferenceTransformer encoder;

    /** At these values, a flat vector of the encoder's layout; copied. */
    public SlowToyLoss(float[] weights) {
        this.weights = widen(weights);
        this.encoder = new ReferenceTransformer(ToyEncoder.CONFIG, ParameterLayout.of(ToyEncoder.CONFIG), this.weights);
    }

    /** Sequences, the class of each, and the head they go through. */
    public record Lesson(List<TokenSequence> sequences, int[] classes, Head head) {}

    /** The mean loss. */
    public double of(Lesson lesson) {
        double[] head = widen(lesson.head().values());
        double sum = 0;
        for (int e = 0; e < lesson.classes().length; e++) {
            TokenSequence sequence = lesson.sequences().get(e);
            double[] logits = logits(encoder.features(sequence.ids(), sequence.types()), head);
            sum += logOfSum(logits) - logits[lesson.classes()[e]];
        }
        return sum / lesson.classes().length;
    }

    /** Its derivatives by single weights. */
    public double[] slopes(Lesson lesson, int[] positions) {
        double[] slopes = new double[positions.length];
        for (int n = 0; n < positions.length; n++) {
            double value = weights[positions[n]];
            weights[positions[n]] = value + STEP;
            double above = of(lesson);
            weights[positions[n]] = value - STEP;
            slopes[n] = (above - of(lesson)) / (2 * STEP);
            weights[positions[n]] = value;
        }
        return slopes;
    }

    /** Adds to single weights. */
    public void move(int[] positions, double[] by) {
        for (int n = 0; n < positions.length; n++) {
            weights[positions[n]] += by[n];
        }
    }

    private static double[] logits(double[] x, double[] head) {
        int labels = head.length / (x.length + 1);
        double[] logits = new double[labels];
        for (int c = 0; c < labels; c++) {
            logits[c] = head[labels * x.length + c];
            for (int f = 0; f < x.length; f++) {
                logits[c] += head[c * x.length + f] * x[f];
            }
        }
        return logits;
    }

    private static double logOfSum(double[] logits) {
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit);
        }
        return Math.log(sum);
    }

    private static double[] widen(float[] floats) {
        double[] wide = new double[floats.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = floats[i];
        }
        return wide;
    }
}
