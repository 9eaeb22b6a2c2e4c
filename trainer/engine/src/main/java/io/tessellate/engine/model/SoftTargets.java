package io.tessellate.engine.model;

/**
 * Distillation (Hinton and others 2015, <a href="https://arxiv.org/abs/1503.02531">1503.02531</a>): the mean of
 * {@code T^2 KL(softmax(teacher / T) || softmax(logits / T))}.
 *
 * @param teacher the teacher's logits, [examples x labels]
 * @param labels number of labels
 * @param temperature T
 */
record SoftTargets(float[] teacher, int labels, double temperature) implements Targets {
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
        for (int e = 0; e < size(); e++) {
            double[] q = logSoftmax(teacher, e * labels);
            double[] p = logSoftmax(logits, e * labels);
            for (int c = 0; c < labels; c++) {
                double wanted = Math.exp(q[c]);
                loss += temperature * temperature * wanted * (q[c] - p[c]);
                gradient[e * labels + c] = (float) (scale * temperature * (Math.exp(p[c]) - wanted) / size());
            }
        }
        return loss / size();
    }

    private double[] logSoftmax(float[] logits, int from) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < labels; c++) {
            max = Math.max(max, logits[from + c] / temperature);
        }
        double sum = 0;
        for (int c = 0; c < labels; c++) {
            sum += Math.exp(logits[from + c] / temperature - max);
        }
        double[] result = new double[labels];
        for (int c = 0; c < labels; c++) {
            result[c] = logits[from + c] / temperature - max - Math.log(sum);
        }
        return result;
    }
}
