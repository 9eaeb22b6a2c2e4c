package io.tessellate.engine.metric;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * A score of predictions against what was wanted; higher is better, 1 is perfect. What is compared follows from the kind of its
 * {@link MetricName}.
 */
public final class Metric {
    private final MetricName name;
    private final ToDoubleBiFunction<double[], double[]> numbers;
    private final ToDoubleBiFunction<String, String> texts;

    private Metric(
            MetricName name, ToDoubleBiFunction<double[], double[]> numbers, ToDoubleBiFunction<String, String> texts) {
        this.name = name;
        this.numbers = numbers;
        this.texts = texts;
    }

    /** How the metric of a name scores. */
    public static Metric of(MetricName name) {
        return switch (name) {
            case ACCURACY, CHOICE_LIKELIHOOD -> ofNumbers(name, Metric::shareOfHits);
            case F1 ->
                ofNumbers(
                        name,
                        (predictions, labels) ->
                                Confusion.of(predictions, labels).f1());
            case MATTHEWS ->
                ofNumbers(
                        name,
                        (predictions, labels) ->
                                Confusion.of(predictions, labels).matthews());
            case PEARSON -> ofNumbers(name, Correlation::pearson);
            case SPEARMAN ->
                ofNumbers(
                        name,
                        (predictions, labels) ->
                                Correlation.pearson(Correlation.ranks(predictions), Correlation.ranks(labels)));
            case INVERSE_PERPLEXITY -> ofNumbers(name, (losses, tokens) -> 1 / Perplexity.of(losses, tokens));
            case EXACT_MATCH -> ofTexts(name, (text, wanted) -> AnswerMatch.sameText(text, wanted) ? 1 : 0);
            case GSM8K -> ofTexts(name, (text, wanted) -> AnswerMatch.sameFinalNumber(text, wanted) ? 1 : 0);
            case ROUGE1 -> ofTexts(name, (text, wanted) -> Rouge.ofGrams(1, text, wanted));
            case ROUGE2 -> ofTexts(name, (text, wanted) -> Rouge.ofGrams(2, text, wanted));
            case ROUGEL -> ofTexts(name, Rouge::ofLongestCommonSubsequence);
        };
    }

    private static Metric ofNumbers(MetricName name, ToDoubleBiFunction<double[], double[]> score) {
        return new Metric(name, score, (text, wanted) -> {
            throw new IllegalStateException(name.label() + " scores numbers, not texts");
        });
    }

    private static Metric ofTexts(MetricName name, ToDoubleBiFunction<String, String> score) {
        return new Metric(
                name,
                (predictions, labels) -> {
                    throw new IllegalStateException(name.label() + " scores texts, not numbers");
                },
                score);
    }

    private static double shareOfHits(double[] predictions, double[] labels) {
        int hits = 0;
        for (int i = 0; i < labels.length; i++) {
            hits += predictions[i] == labels[i] ? 1 : 0;
        }
        return (double) hits / labels.length;
    }

    /** Scores numbers against those at the same positions; not for texts. */
    public double score(double[] predictions, double[] labels) {
        requireTwins(predictions.length, labels.length);
        return numbers.applyAsDouble(predictions, labels);
    }

    /** Scores texts against the references at the same positions: the mean over the pairs. */
    public double score(List<String> predictions, List<String> references) {
        return Arrays.stream(each(predictions, references)).average().orElseThrow();
    }

    /** The score of every text against the reference at the same position. */
    public double[] each(List<String> predictions, List<String> references) {
        requireTwins(predictions.size(), references.size());
        double[] scores = new double[predictions.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = texts.applyAsDouble(predictions.get(i), references.get(i));
        }
        return scores;
    }

    private void requireTwins(int predictions, int labels) {
        if (labels == 0 || predictions != labels) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s needs as many predictions as labels and at least one: [%d, %d]"
                            .formatted(name.label(), predictions, labels));
        }
    }
}
