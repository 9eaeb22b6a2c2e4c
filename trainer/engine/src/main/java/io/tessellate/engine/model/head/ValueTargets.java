package io.tessellate.engine.model.head;

/** Squared error: the mean of (logit - value)^2. */
public record ValueTargets(float[] values) implements Targets {
    @Override
    public int size() {
        return values.length;
    }

    @Override
    public double loss(float[] logits, int labels, double scale, float[] gradient) {
        if (labels != 1) {
            throw new IllegalArgumentException("a regression needs a head of one label, not " + labels);
        }
        double loss = 0;
        for (int e = 0; e < values.length; e++) {
            double error = (double) logits[e] - values[e];
            loss += error * error;
            gradient[e] = (float) (2 * scale * error / values.length);
        }
        return loss / values.length;
    }
}
