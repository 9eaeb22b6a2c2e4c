package io.tessellate.experiment.plan;

import io.tessellate.text.NumberText;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * How the scores of several tuning tasks are made one. Scores of different kinds, as an accuracy and an inverse perplexity, have nothing in
 * common but their ratios, which a geometric mean compares (Fleming and Wallace 1986): the sum is decided by the largest of them.
 */
public enum TuningMean {
    /** The sum by their number: scores of one kind. */
    ARITHMETIC(score -> score, mean -> mean) {
        @Override
        public String apart(double difference) {
            return NumberText.signed(difference, 3);
        }

        @Override
        public String apart(double difference, double half) {
            return "%s ± %s".formatted(apart(difference), NumberText.fixed(half, 3));
        }
    },
    /** The root of the product; a score below {@link #LEAST} counts as that. */
    GEOMETRIC(score -> Math.log(Math.max(TuningMean.LEAST, score)), Math::exp) {
        @Override
        public String apart(double difference) {
            return "times " + NumberText.fixed(Math.exp(difference), 3);
        }

        @Override
        public String apart(double difference, double half) {
            return "%s, %s to %s"
                    .formatted(
                            apart(difference),
                            NumberText.fixed(Math.exp(difference - half), 3),
                            NumberText.fixed(Math.exp(difference + half), 3));
        }
    };

    /** What a score counts at least where ratios are compared, for zero has none. */
    private static final double LEAST = 1e-4;

    private final DoubleUnaryOperator measured;
    private final DoubleUnaryOperator back;

    TuningMean(DoubleUnaryOperator measured, DoubleUnaryOperator back) {
        this.measured = measured;
        this.back = back;
    }

    /** The mean of scores, at least one. */
    public double of(List<Double> scores) {
        double mean = scores.stream().mapToDouble(this::measured).average().orElseThrow();
        return back.applyAsDouble(mean);
    }

    /** A score where equal distances count equally: itself, or its natural logarithm. */
    public double measured(double score) {
        return measured.applyAsDouble(score);
    }

    /** How far two scores are apart, as a reader sees it, by the difference of what is {@link #measured}. */
    public abstract String apart(double difference);

    /** The same with an interval around it, half as wide as that. */
    public abstract String apart(double difference, double half);
}
