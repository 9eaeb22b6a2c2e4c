package io.tessellate.engine.metric;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A score of predictions against labels; higher is better, 1 is perfect. Classes are numbered from 0. */
public enum Metric {
    /** Share of predictions that equal their label. */
    ACCURACY(true) {
        @Override
        double of(double[] predictions, double[] labels) {
            int hits = 0;
            for (int i = 0; i < labels.length; i++) {
                hits += predictions[i] == labels[i] ? 1 : 0;
            }
            return (double) hits / labels.length;
        }
    },
    /** Harmonic mean of precision and recall: of class 1 for two classes as GLUE has it, else the mean over classes. */
    F1(true) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Confusion.of(predictions, labels).f1();
        }
    },
    /** Matthews correlation, for more than two classes Gorodkin's R_K; 0 where it is undefined. */
    MATTHEWS(true) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Confusion.of(predictions, labels).matthews();
        }
    },
    /** Linear correlation; 0 when one side is constant. */
    PEARSON(false) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Correlation.pearson(predictions, labels);
        }
    },
    /** Linear correlation of the ranks, ties sharing their average rank. */
    SPEARMAN(false) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Correlation.pearson(Correlation.ranks(predictions), Correlation.ranks(labels));
        }
    };

    private final boolean ofClasses;

    Metric(boolean ofClasses) {
        this.ofClasses = ofClasses;
    }

    /** The metric a manifest calls by this name. */
    public static Metric named(String name) {
        return Arrays.stream(values())
                .filter(metric -> metric.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_MANIFEST, "metric '%s' must be one of %s".formatted(name, names())));
    }

    private static String names() {
        return Arrays.stream(values()).map(Metric::label).collect(Collectors.joining(", "));
    }

    /** The name in manifests and events. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether predictions and labels are class numbers rather than real values. */
    public boolean ofClasses() {
        return ofClasses;
    }

    /** Scores predictions against the labels at the same positions. */
    public double score(double[] predictions, double[] labels) {
        if (labels.length == 0 || predictions.length != labels.length) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s needs as many predictions as labels and at least one: [%d, %d]"
                            .formatted(label(), predictions.length, labels.length));
        }
        return of(predictions, labels);
    }

    abstract double of(double[] predictions, double[] labels);
}
