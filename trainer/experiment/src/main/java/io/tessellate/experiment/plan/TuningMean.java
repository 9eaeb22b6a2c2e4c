package io.tessellate.experiment.plan;

import io.tessellate.text.NumberText;
import java.util.List;

/**
 * How the scores of several tuning tasks are made one. Scores of different kinds, as an accuracy and an inverse perplexity, have nothing in
 * common but their ratios, which a geometric mean compares (Fleming and Wallace 1986): the sum is decided by the largest of them.
 */
public enum TuningMean {
    /** The sum by their number: scores of one kind. */
    ARITHMETIC {
        @Override
        public double measured(double score) {
            return score;
        }

        @Override
        double score(double measured) {
            return measured;
        }

        @Override
        public String apart(double difference) {
            return NumberText.signed(difference, 3);
        }

        @Override
        public String apart(double difference, double half) {
            return "%s ± %s".formatted(apart(difference), NumberText.fixed(half, 3));
        }
    },
    /** The root of the product; a score below a ten-thousandth counts as that, for zero has no ratio to another. */
    GEOMETRIC {
        private static final double LEAST = 1e-4;

        @Override
        public double measured(double score) {
            return Math.log(Math.max(LEAST, score));
        }

        @Override
        double score(double measured) {
            return Math.exp(measured);
        }

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

    /** The mean of scores, at least one. */
    public double of(List<Double> scores) {
        return score(scores.stream().mapToDouble(this::measured).average().orElseThrow());
    }

    /** A score where equal distances count equally: itself, or its natural logarithm. */
    public abstract double measured(double score);

    /** The score that was {@link #measured}. */
    abstract double score(double measured);

    /** How far two scores are apart, as a reader sees it, by the difference of what is {@link #measured}. */
    public abstract String apart(double difference);

    /** The same with an interval around it, half as wide as that. */
    public abstract String apart(double difference, double half);
}
