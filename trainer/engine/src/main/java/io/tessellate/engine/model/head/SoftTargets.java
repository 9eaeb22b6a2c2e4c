package io.tessellate.engine.model.head;

/**
 * Distillation (Hinton and others 2015, <a href="https://arxiv.org/abs/1503.02531">1503.02531</a>): the mean of
 * {@code T^2 KL(softmax(teacher / T) || softmax(logits / T))}.
 *
 * @param teacher the teacher's logits, those of an example together
 * @param groups number of logits of each example
 * @param labels number of labels of a sequence
 * @param temperature T
 */
public record SoftTargets(float[] teacher, int[] groups, int labels, double temperature) implements Targets {
    @Override
    public int size() {
        return teacher.length / labels;
    }

    @Override
    public double loss(float[] logits, int headLabels, double scale, float[] gradient) {
        if (headLabels != labels) {
            throw new IllegalArgumentException(
                    "a teacher of %d labels cannot teach a head of %d".formatted(labels, headLabels));
        }
        double loss = 0;
        int from = 0;
        for (int group : groups) {
            loss += one(logits, from, group, scale / groups.length, gradient);
            from += group;
        }
        return loss / groups.length;
    }

    private double one(float[] logits, int from, int group, double scale, float[] gradient) {
        double loss = 0;
        double[] q = logSoftmax(teacher, from, group);
        double[] p = logSoftmax(logits, from, group);
        for (int c = 0; c < group; c++) {
            double wanted = Math.exp(q[c]);
            loss += temperature * temperature * wanted * (q[c] - p[c]);
            gradient[from + c] = (float) (scale * temperature * (Math.exp(p[c]) - wanted));
        }
        return loss;
    }

    private double[] logSoftmax(float[] logits, int from, int group) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < group; c++) {
            max = Math.max(max, logits[from + c] / temperature);
        }
        double sum = 0;
        for (int c = 0; c < group; c++) {
            sum += Math.exp(logits[from + c] / temperature - max);
        }
        double[] result = new double[group];
        for (int c = 0; c < group; c++) {
            result[c] = logits[from + c] / temperature - max - Math.log(sum);
        }
        return result;
    }
}
