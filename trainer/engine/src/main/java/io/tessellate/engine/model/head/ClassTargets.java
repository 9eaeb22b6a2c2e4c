package io.tessellate.engine.model.head;

/** Softmax cross entropy: the mean of -log p[class]. */
public record ClassTargets(int[] classes) implements Targets {
    @Override
    public int size() {
        return classes.length;
    }

    @Override
    public double loss(float[] logits, int labels, double scale, float[] gradient) {
        double loss = 0;
        for (int e = 0; e < classes.length; e++) {
            if (classes[e] < 0 || classes[e] >= labels) {
                throw new IllegalArgumentException("class %d is outside 0 to %d".formatted(classes[e], labels - 1));
            }
            loss += one(logits, e * labels, labels, classes[e], scale / classes.length, gradient);
        }
        return loss / classes.length;
    }

    /** Loss of one example whose logits begin at {@code from}; fills their gradient. */
    static double one(float[] logits, int from, int labels, int target, double scale, float[] gradient) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < labels; c++) {
            max = Math.max(max, logits[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < labels; c++) {
            sum += Math.exp(logits[from + c] - max);
        }
        for (int c = 0; c < labels; c++) {
            double p = Math.exp(logits[from + c] - max) / sum;
            gradient[from + c] = (float) (scale * (p - (c == target ? 1 : 0)));
        }
        return Math.log(sum) + max - logits[from + target];
    }
}
