package io.tessellate.dataset.manifest;

import java.util.Locale;
import java.util.Optional;

/** What a task trains. */
public enum Objective {
    /** One of several classes. */
    CLASSIFICATION(Answer.CLASS),
    /** A real value. */
    REGRESSION(Answer.VALUE),
    /** The text that follows a prompt. */
    GENERATION(Answer.TEXT),
    /** One of the texts that an example offers after its prompt. */
    MULTIPLE_CHOICE(Answer.CHOICE);

    /** What an example is answered by, and with it which of a record's fields are read. */
    public enum Answer {
        /** A class, by number or by name. */
        CLASS(false),
        /** A real value. */
        VALUE(false),
        /** The text that follows the prompt. */
        TEXT(true),
        /** One of the texts that the example offers after its prompt. */
        CHOICE(true);

        private final boolean prompted;

        Answer(boolean prompted) {
            this.prompted = prompted;
        }
    }

    private final Answer answer;

    Objective(Answer answer) {
        this.answer = answer;
    }

    /** What its examples are answered by. */
    public Answer answer() {
        return answer;
    }

    /** As it is written: the name in small letters. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether an example begins with a prompt. */
    public boolean prompted() {
        return answer.prompted;
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
