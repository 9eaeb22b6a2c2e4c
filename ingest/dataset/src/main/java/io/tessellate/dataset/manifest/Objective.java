package io.tessellate.dataset.manifest;

import java.util.Locale;
import java.util.Optional;

/** What a task trains. */
public enum Objective {
    /** One of several classes. */
    CLASSIFICATION,
    /** A real value. */
    REGRESSION,
    /** The text that follows a prompt. */
    GENERATION,
    /** One of the texts that an example offers after its prompt. */
    MULTIPLE_CHOICE;

    /** As it is written: the name in small letters. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an example begins with a prompt. */
    public boolean prompted() {
        return switch (this) {
            case CLASSIFICATION, REGRESSION -> false;
            case GENERATION, MULTIPLE_CHOICE -> true;
        };
    }

    /** What it is measured by unless a manifest says otherwise. */
    public MetricName usualMetric() {
        return switch (this) {
            case CLASSIFICATION, MULTIPLE_CHOICE -> MetricName.ACCURACY;
            case REGRESSION -> MetricName.PEARSON;
            case GENERATION -> MetricName.INVERSE_PERPLEXITY;
        };
    }

    /** The objective that a description in plain words means, such as "pair classification"; empty if it means none. */
    public static Optional<Objective> in(String description) {
        String lower = description.toLowerCase(Locale.ROOT);
        if (lower.contains("choice")) {
            return Optional.of(MULTIPLE_CHOICE);
        }
        if (lower.contains("classification")) {
            return Optional.of(CLASSIFICATION);
        }
        if (lower.contains("regression")) {
            return Optional.of(REGRESSION);
        }
        return lower.contains("completion") || lower.contains("generation")
                ? Optional.of(GENERATION)
                : Optional.empty();
    }
}
