package io.tessellate.dataset.manifest;

import static java.util.stream.Collectors.joining;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The metrics a task can be measured by: what each compares, what it can measure, and the words that mean it. */
@SuppressWarnings("ImmutableEnumChecker") // its set and its list are never changed
public enum MetricName {
    /** Share of predictions that equal their label. */
    ACCURACY(Kind.CLASSES, Set.of(Objective.CLASSIFICATION, Objective.MULTIPLE_CHOICE), "accuracy"),
    /** Harmonic mean of precision and recall. */
    F1(Kind.CLASSES, Set.of(Objective.CLASSIFICATION), "f1"),
    /** Matthews correlation. */
    MATTHEWS(Kind.CLASSES, Set.of(Objective.CLASSIFICATION), "matthews"),
    /** Linear correlation. */
    PEARSON(Kind.VALUES, Set.of(Objective.REGRESSION), "pearson"),
    /** Linear correlation of the ranks. */
    SPEARMAN(Kind.VALUES, Set.of(Objective.REGRESSION), "spearman"),
    /** Share of texts that equal their reference. */
    EXACT_MATCH(Kind.TEXTS, Set.of(Objective.GENERATION), "exact match", "exact_match"),
    /** Share of texts with the reference's number after {@code ####}. */
    GSM8K(Kind.TEXTS, Set.of(Objective.GENERATION), "exact match of the number after ####", "gsm8k"),
    /** ROUGE-1. */
    ROUGE1(Kind.TEXTS, Set.of(Objective.GENERATION), "rouge-1", "rouge1"),
    /** ROUGE-2. */
    ROUGE2(Kind.TEXTS, Set.of(Objective.GENERATION), "rouge-2", "rouge2"),
    /** ROUGE-L. */
    ROUGEL(Kind.TEXTS, Set.of(Objective.GENERATION), "rouge-l", "rougel"),
    /** 1 / perplexity of the wanted completions. */
    INVERSE_PERPLEXITY(Kind.LOSSES, Set.of(Objective.GENERATION), "inverse_perplexity", "perplexity"),
    /** Share of examples whose right choice the model itself finds likeliest. */
    CHOICE_LIKELIHOOD(
            Kind.CHOICES,
            Set.of(Objective.GENERATION, Objective.MULTIPLE_CHOICE),
            "choice_likelihood",
            "log-likelihood");

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
    private final Set<Objective> objectives;
    private final List<String> words;

    MetricName(Kind kind, Set<Objective> objectives, String... words) {
        this.kind = kind;
        this.objectives = objectives;
        this.words = List.of(words);
    }

    /** The metric a manifest calls by this name; INVALID_MANIFEST if there is none. */
    public static MetricName named(String name) {
        return find(name)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_MANIFEST,
                        "metric '%s' must be one of %s"
                                .formatted(
                                        name,
                                        Arrays.stream(values())
                                                .map(MetricName::label)
                                                .collect(joining(", ")))));
    }

    static Optional<MetricName> find(String name) {
        return Arrays.stream(values())
                .filter(metric -> metric.label().equals(name))
                .findFirst();
    }

    /** The metrics that a description such as "Pearson and Spearman correlation" names, in its order. */
    public static List<MetricName> in(String description) {
        String lower = description.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .flatMap(metric -> metric.words.stream()
                        .filter(lower::contains)
                        .map(word -> new Mention(metric, lower.indexOf(word), word.length())))
                .sorted(Mention.ORDER)
                .map(Mention::metric)
                .distinct()
                .toList();
    }

    /** Where a description says a word for a metric. */
    private record Mention(MetricName metric, int at, int length) {
        /** Of two words that begin at one place the longer says more. */
        static final Comparator<Mention> ORDER = Comparator.comparingInt(Mention::at)
                .thenComparing(Comparator.comparingInt(Mention::length).reversed());
    }

    /** The metrics that compare generated texts with their references. */
    public static Stream<MetricName> ofTexts() {
        return Arrays.stream(values()).filter(metric -> metric.kind == Kind.TEXTS);
    }

    /** The metrics an objective can be measured by. */
    public static Stream<MetricName> of(Objective objective) {
        return Arrays.stream(values()).filter(metric -> metric.fits(objective));
    }

    /** The name in manifests and events. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it compares. */
    public Kind kind() {
        return kind;
    }

    /** Whether an objective can be measured by it. */
    public boolean fits(Objective objective) {
        return objectives.contains(objective);
    }
}
