package io.tessellate.engine.metric;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A score of predictions against what was wanted; higher is better, 1 is perfect. What is compared follows from its {@link
 * #kind()}.
 */
public enum Metric {
    /** Share of predictions that equal their label. */
    ACCURACY(Kind.CLASSES) {
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
    F1(Kind.CLASSES) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Confusion.of(predictions, labels).f1();
        }
    },
    /** Matthews correlation, for more than two classes Gorodkin's R_K; 0 where it is undefined. */
    MATTHEWS(Kind.CLASSES) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Confusion.of(predictions, labels).matthews();
        }
    },
    /** Linear correlation; 0 when one side is constant. */
    PEARSON(Kind.VALUES) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Correlation.pearson(predictions, labels);
        }
    },
    /** Linear correlation of the ranks, ties sharing their average rank. */
    SPEARMAN(Kind.VALUES) {
        @Override
        double of(double[] predictions, double[] labels) {
            return Correlation.pearson(Correlation.ranks(predictions), Correlation.ranks(labels));
        }
    },
    /** Share of texts that equal their reference, white space aside. */
    EXACT_MATCH(Kind.TEXTS) {
        @Override
        double of(String prediction, String reference) {
            return Answers.sameText(prediction, reference) ? 1 : 0;
        }
    },
    /** Share of texts whose number after {@code ####} is the reference's, by GSM8K's rule. */
    GSM8K(Kind.TEXTS) {
        @Override
        double of(String prediction, String reference) {
            return Answers.sameFinalNumber(prediction, reference) ? 1 : 0;
        }
    },
    /** Mean ROUGE-1 F-measure, stemmed. */
    ROUGE1(Kind.TEXTS) {
        @Override
        double of(String prediction, String reference) {
            return Rouge.ofGrams(1, prediction, reference);
        }
    },
    /** Mean ROUGE-2 F-measure, stemmed. */
    ROUGE2(Kind.TEXTS) {
        @Override
        double of(String prediction, String reference) {
            return Rouge.ofGrams(2, prediction, reference);
        }
    },
    /** Mean ROUGE-L F-measure, stemmed. */
    ROUGEL(Kind.TEXTS) {
        @Override
        double of(String prediction, String reference) {
            return Rouge.ofLongestCommonSubsequence(prediction, reference);
        }
    },
    /**
     * 1 / {@link Perplexity}: the geometric mean of the probabilities that the model gives the tokens of the completions. The
     * inverse, because a score is better the higher it is.
     */
    INVERSE_PERPLEXITY(Kind.LOSSES) {
        @Override
        double of(double[] losses, double[] tokens) {
            return 1 / Perplexity.of(losses, tokens);
        }
    },
    /**
     * Share of examples whose right choice is the one with the highest log likelihood per token after the prompt; among
     * equals the first.
     */
    CHOICE_LIKELIHOOD(Kind.CHOICES) {
        @Override
        double of(double[] predictions, double[] labels) {
            return ACCURACY.of(predictions, labels);
        }
    };

    /** What a metric compares. */
    public enum Kind {
        /** Predicted class numbers, counted from 0, and those of the labels. */
        CLASSES,
        /** Predicted real values and those wanted. */
        VALUES,
        /** Generated texts and their references. */
        TEXTS,
        /** Negative log likelihoods of the wanted texts, in nats, and their numbers of tokens. */
        LOSSES,
        /** Numbers of the choices found likeliest, counted from 0, and of those that are right. */
        CHOICES;

        /** Whether predictions are numbers of classes or choices, each right or wrong. */
        public boolean numbered() {
            return this == CLASSES || this == CHOICES;
        }
    }

    private final Kind kind;

    Metric(Kind kind) {
        this.kind = kind;
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

    /** What it compares. */
    public Kind kind() {
        return kind;
    }

    /** Scores numbers against those at the same positions; not for texts. */
    public double score(double[] predictions, double[] labels) {
        requireTwins(predictions.length, labels.length);
        return of(predictions, labels);
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
            scores[i] = of(predictions.get(i), references.get(i));
        }
        return scores;
    }

    private void requireTwins(int predictions, int labels) {
        if (labels == 0 || predictions != labels) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s needs as many predictions as labels and at least one: [%d, %d]"
                            .formatted(label(), predictions, labels));
        }
    }

    double of(double[] predictions, double[] labels) {
        throw new IllegalStateException(label() + " scores texts, not numbers");
    }

    double of(String prediction, String reference) {
        throw new IllegalStateException(label() + " scores numbers, not texts");
    }
}
