package io.tessellate.engine.metric;

import io.tessellate.dataset.manifest.MetricName;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a score is made of, example by example: what was predicted and what was right. Of a metric of texts the prediction is the
 * score of the text.
 *
 * @param metric what makes a score of them
 * @param predictions class number, real value, or the score of a text
 * @param targets what was right; of texts the best score there is
 */
public record Outcomes(MetricName metric, double[] predictions, double[] targets) {
    public Outcomes {
        predictions = predictions.clone();
        targets = targets.clone();
        if (predictions.length == 0 || predictions.length != targets.length) {
            throw new IllegalArgumentException("%d predictions need as many targets and at least one, not %d"
                    .formatted(predictions.length, targets.length));
        }
    }

    @Override
    public double[] predictions() {
        return predictions.clone();
    }

    @Override
    public double[] targets() {
        return targets.clone();
    }

    /** How many examples. */
    public int size() {
        return predictions.length;
    }

    /** Whether the score is the share of examples that came true. */
    public boolean proportion() {
        return switch (metric) {
            case ACCURACY, CHOICE_LIKELIHOOD, EXACT_MATCH, GSM8K -> true;
            case F1, MATTHEWS, PEARSON, SPEARMAN, INVERSE_PERPLEXITY, ROUGE1, ROUGE2, ROUGEL -> false;
        };
    }

    /** Whether an example came true exactly. */
    public boolean hit(int example) {
        return predictions[example] == targets[example];
    }

    /** How many came true exactly. */
    public int hits() {
        return (int) IntStream.range(0, size()).filter(this::hit).count();
    }

    /** The score of all of them. */
    public double score() {
        return score(predictions, targets);
    }

    /** The score of the examples at some places. */
    double score(int[] places) {
        return score(at(predictions, places), at(targets, places));
    }

    private static double[] at(double[] values, int[] places) {
        return Arrays.stream(places).mapToDouble(place -> values[place]).toArray();
    }

    private double score(double[] predicted, double[] right) {
        return metric.kind() == MetricName.Kind.TEXTS
                ? Arrays.stream(predicted).average().orElseThrow()
                : Metric.of(metric).score(predicted, right);
    }

    /** Whether another score is of the same examples. */
    public boolean pairs(Outcomes other) {
        return metric == other.metric && Arrays.equals(targets, other.targets);
    }

    /** The score that would be if some predictions were those of another model. */
    double scoreWith(Outcomes other, boolean[] swapped) {
        double[] mixed = predictions.clone();
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = swapped[i] ? other.predictions[i] : mixed[i];
        }
        return score(mixed, targets);
    }

    /** Class number, real value, loss, or score of a text. */
    public double prediction(int example) {
        return predictions[example];
    }

    /** What was right. */
    public double target(int example) {
        return targets[example];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Outcomes that
                && metric == that.metric
                && Arrays.equals(predictions, that.predictions)
                && Arrays.equals(targets, that.targets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(predictions) + Arrays.hashCode(targets);
    }

    @Override
    public String toString() {
        return "%s of %d examples".formatted(metric.label(), size());
    }
}
