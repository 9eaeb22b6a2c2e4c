package io.tessellate.engine.metric;

/** Counts of (label, prediction) pairs over the classes that occur. */
record Confusion(long[][] counts) {

    static Confusion of(double[] predictions, double[] labels) {
        int classes = 2;
        for (int i = 0; i < labels.length; i++) {
            classes = Math.max(classes, 1 + Math.max((int) labels[i], (int) predictions[i]));
        }
        long[][] counts = new long[classes][classes];
        for (int i = 0; i < labels.length; i++) {
            counts[(int) labels[i]][(int) predictions[i]]++;
        }
        return new Confusion(counts);
    }

    double f1() {
        if (counts.length == 2) {
            return f1(1);
        }
        double sum = 0;
        int occurring = 0;
        for (int c = 0; c < counts.length; c++) {
            sum += f1(c);
            occurring += labelled(c) + predicted(c) > 0 ? 1 : 0;
        }
        return sum / occurring;
    }

    private double f1(int c) {
        long sum = labelled(c) + predicted(c);
        return sum == 0 ? 0 : 2.0 * counts[c][c] / sum;
    }

    double matthews() {
        double total = 0;
        double hits = 0;
        double cross = 0;
        double predictedSquares = 0;
        double labelledSquares = 0;
        for (int c = 0; c < counts.length; c++) {
            double labelled = labelled(c);
            double predicted = predicted(c);
            total += labelled;
            hits += counts[c][c];
            cross += labelled * predicted;
            predictedSquares += predicted * predicted;
            labelledSquares += labelled * labelled;
        }
        double square = (total * total - predictedSquares) * (total * total - labelledSquares);
        return square == 0 ? 0 : (hits * total - cross) / Math.sqrt(square);
    }

    private long labelled(int c) {
        long sum = 0;
        for (long count : counts[c]) {
            sum += count;
        }
        return sum;
    }

    private long predicted(int c) {
        long sum = 0;
        for (long[] row : counts) {
            sum += row[c];
        }
        return sum;
    }
}
