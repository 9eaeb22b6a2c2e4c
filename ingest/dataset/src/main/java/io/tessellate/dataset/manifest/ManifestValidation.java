package io.tessellate.dataset.manifest;

import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a manifest has to hold to, apart from its data. */
public final class ManifestValidation {
    /** Largest share of bad records unless the manifest says otherwise. */
    public static final double DEFAULT_TOLERANCE = 0.01;

    private static final Set<String> CLASSIFICATION_METRICS = Set.of("accuracy", "f1", "matthews");
    private static final Set<String> REGRESSION_METRICS = Set.of("pearson", "spearman");
    private static final String CHOICE_LIKELIHOOD = "choice_likelihood";
    private static final Set<String> TEXT_METRICS = Set.of("exact_match", "gsm8k", "rouge1", "rouge2", "rougel");
    private static final Set<String> GENERATION_METRICS = Stream.concat(
                    TEXT_METRICS.stream(), Stream.of("inverse_perplexity", CHOICE_LIKELIHOOD))
            .collect(Collectors.toUnmodifiableSet());

    private ManifestValidation() {}

    /**
     * A rule that a manifest breaks.
     *
     * @param code INVALID_MANIFEST or INVALID_RECIPE
     * @param message the field, its value and the rule
     */
    public record Problem(ErrorCode code, String message) {}

    /** Every rule a manifest breaks. */
    public static List<Problem> problems(TaskManifest manifest) {
        var found = new Problems(ErrorCode.INVALID_MANIFEST);
        names(manifest, found);
        labels(manifest, found);
        metric(manifest, found);
        template(manifest, found);
        decoding(manifest, found);
        numbers(manifest, found);
        fields(manifest, found);
        if (manifest.getDatasetDigest() != null) {
            found.attempt(() -> new Sha256(manifest.getDatasetDigest()));
        }
        List<Problem> all = new ArrayList<>(found.list());
        all.addAll(RecipeValues.problems(manifest.getRecipe()));
        return List.copyOf(all);
    }

    /**
     * Nothing, if the manifest is sound.
     *
     * @throws TessellateException with the code of the first problem and the text of all
     */
    public static void require(TaskManifest manifest) {
        List<Problem> problems = problems(manifest);
        if (!problems.isEmpty()) {
            throw new TessellateException(problems.get(0).code(), text(problems));
        }
    }

    /** Problems as one line. */
    public static String text(List<Problem> problems) {
        return String.join("; ", problems.stream().map(Problem::message).toList());
    }

    /** The metric that is measured: the one named, else the objective's usual one. */
    public static String metric(TaskManifest manifest) {
        if (manifest.getMetric() != null) {
            return manifest.getMetric();
        }
        return switch (manifest.getObjective()) {
            case CLASSIFICATION, MULTIPLE_CHOICE -> "accuracy";
            case REGRESSION -> "pearson";
            case GENERATION -> "inverse_perplexity";
        };
    }

    /** The metrics an objective can be measured by. */
    public static Set<String> metrics(Objective objective) {
        return switch (objective) {
            case CLASSIFICATION -> CLASSIFICATION_METRICS;
            case REGRESSION -> REGRESSION_METRICS;
            case GENERATION -> GENERATION_METRICS;
            case MULTIPLE_CHOICE -> Set.of("accuracy", CHOICE_LIKELIHOOD);
        };
    }

    /** The metrics that compare generated texts with their references. */
    public static Set<String> textMetrics() {
        return TEXT_METRICS;
    }

    /**
     * Whether an example's choices are compared by how likely the model itself finds them: then its records hold choices,
     * whichever of the two objectives that can be so measured is named, and no head is trained.
     */
    public static boolean byLikelihood(TaskManifest manifest) {
        return metric(manifest).equals(CHOICE_LIKELIHOOD);
    }

    /** Whether its records hold choices of which one is right. */
    public static boolean ofChoices(TaskManifest manifest) {
        return manifest.getObjective() == Objective.MULTIPLE_CHOICE || byLikelihood(manifest);
    }

    private static void names(TaskManifest manifest, Problems found) {
        found.attempt(() -> TaskId.of(manifest.getModel(), manifest.getTask()));
    }

    private static void labels(TaskManifest manifest, Problems found) {
        List<String> labels = manifest.getLabels();
        if (manifest.getObjective() != Objective.CLASSIFICATION) {
            found.check(labels.isEmpty(), "labels must be empty for %s: %s", manifest.getObjective(), labels);
            return;
        }
        labels(labels, found);
    }

    /** Every rule that the names of classes break. */
    public static List<String> problems(List<String> labels) {
        var found = new Problems(ErrorCode.INVALID_MANIFEST);
        labels(labels, found);
        return found.list().stream().map(Problem::message).toList();
    }

    private static void labels(List<String> labels, Problems found) {
        found.check(labels.size() >= 2, "labels must be at least two classes: %s", labels);
        found.check(new HashSet<>(labels).size() == labels.size(), "labels must differ: %s", labels);
        found.check(labels.stream().noneMatch(String::isBlank), "labels must not be empty: %s", labels);
        List<String> ambiguous = new ClassNames(labels).ambiguous();
        found.check(
                ambiguous.isEmpty(),
                "labels are ambiguous: %s could be names or, as others are no numbers, positions from 0 to %d: %s",
                ambiguous,
                labels.size() - 1,
                labels);
    }

    private static void metric(TaskManifest manifest, Problems found) {
        String metric = manifest.getMetric();
        if (metric == null) {
            return;
        }
        Set<String> allowed = metrics(manifest.getObjective());
        found.check(
                allowed.contains(metric),
                "metric '%s' does not fit %s: choose one of %s",
                metric,
                manifest.getObjective().name().toLowerCase(Locale.ROOT),
                allowed.stream().sorted().toList());
    }

    private static void template(TaskManifest manifest, Problems found) {
        String template = manifest.getPromptTemplate();
        if (template == null) {
            return;
        }
        boolean prompted =
                manifest.getObjective() == Objective.GENERATION || manifest.getObjective() == Objective.MULTIPLE_CHOICE;
        found.check(prompted, "promptTemplate needs a prompt, which %s has not", manifest.getObjective());
        found.check(
                template.contains(ExampleReader.PROMPT),
                "promptTemplate must contain %s: '%s'",
                ExampleReader.PROMPT,
                template);
    }

    private static void decoding(TaskManifest manifest, Problems found) {
        if (manifest.getDecoding() == null) {
            return;
        }
        String metric = metric(manifest);
        found.check(
                TEXT_METRICS.contains(metric),
                "decoding needs a metric of generated texts %s, which '%s' is not",
                TEXT_METRICS.stream().sorted().toList(),
                metric);
        found.attempt(() -> Decoding.of(manifest.getDecoding()));
    }

    private static void fields(TaskManifest manifest, Problems found) {
        if (manifest.getFields() != null) {
            RecipeValues.set(manifest.getFields())
                    .forEach((part, name) ->
                            found.check(!name.toString().isBlank(), "fields.%s must not be empty: '%s'", part, name));
        }
    }

    private static void numbers(TaskManifest manifest, Problems found) {
        found.range("evalShare", manifest.getEvalShare(), 0, 1);
        found.range("tolerance", manifest.getTolerance(), 0, 1);
        Long expected = manifest.getExpectedRecords();
        found.check(expected == null || expected >= 1, "expectedRecords must be at least 1: %s", expected);
    }
}
