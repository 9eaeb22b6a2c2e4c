package io.tessellate.dataset.manifest;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.recipe.RecipeFields;
import io.tessellate.template.Template;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** What a manifest has to hold to, apart from its data. */
public final class ManifestValidation {
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
        found.attempt(() -> TaskId.of(manifest.getModel(), manifest.getTask()));
        labels(manifest, found);
        metric(manifest, found);
        template(manifest, found);
        decoding(manifest, found);
        chatTemplate(manifest, found);
        numbers(manifest, found);
        fields(manifest, found);
        if (manifest.getDatasetDigest() != null) {
            found.attempt(() -> new Sha256(manifest.getDatasetDigest()));
        }
        List<Problem> all = new ArrayList<>(found.list());
        RecipeFields.problems(ManifestCodec.recipe(manifest.getRecipe()))
                .forEach(problem -> all.add(new Problem(ErrorCode.INVALID_RECIPE, problem)));
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

    private static void labels(TaskManifest manifest, Problems found) {
        List<String> labels = manifest.getLabels();
        if (objective(manifest).answer() != Objective.Answer.CLASS) {
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

    private static Objective objective(TaskManifest manifest) {
        return ManifestCodec.objective(manifest.getObjective());
    }

    private static void metric(TaskManifest manifest, Problems found) {
        String metric = manifest.getMetric();
        if (metric == null) {
            return;
        }
        Objective objective = objective(manifest);
        found.check(
                MetricName.find(metric).filter(name -> name.fits(objective)).isPresent(),
                "metric '%s' does not fit %s: choose one of %s",
                metric,
                objective.text(),
                MetricName.of(objective).map(MetricName::label).sorted().toList());
    }

    private static void template(TaskManifest manifest, Problems found) {
        String template = manifest.getPromptTemplate();
        if (template == null) {
            return;
        }
        found.check(
                objective(manifest).prompted(),
                "promptTemplate needs a prompt, which %s has not",
                manifest.getObjective());
        found.check(
                template.contains(Manifest.PROMPT), "promptTemplate must contain %s: '%s'", Manifest.PROMPT, template);
    }

    private static void decoding(TaskManifest manifest, Problems found) {
        if (manifest.getDecoding() == null) {
            return;
        }
        String metric =
                manifest.getMetric() == null ? objective(manifest).usualMetric().label() : manifest.getMetric();
        List<String> ofTexts =
                MetricName.ofTexts().map(MetricName::label).sorted().toList();
        found.check(
                ofTexts.contains(metric),
                "decoding needs a metric of generated texts %s, which '%s' is not",
                ofTexts,
                metric);
        found.attempt(() -> ManifestCodec.decoding(manifest.getDecoding()));
    }

    private static void chatTemplate(TaskManifest manifest, Problems found) {
        io.tessellate.event.ChatTemplate template = manifest.getChatTemplate();
        if (template == null) {
            return;
        }
        Objective objective = objective(manifest);
        String metric = manifest.getMetric() == null ? objective.usualMetric().label() : manifest.getMetric();
        found.check(
                objective.answer() == Objective.Answer.TEXT && !metric.equals(MetricName.CHOICE_LIKELIHOOD.label()),
                "chatTemplate is for generated texts, not for %s by %s",
                objective.text(),
                metric);
        found.check(
                manifest.getPromptTemplate() == null,
                "promptTemplate frames prompts, and with a chatTemplate there are none: '%s'",
                manifest.getPromptTemplate());
        found.attempt(() -> ChatTemplate.date(template.getDate()));
        found.attempt(() -> Template.parse(template.getTemplate(), Optional.empty()));
    }

    private static void fields(TaskManifest manifest, Problems found) {
        if (manifest.getFields() != null) {
            ManifestCodec.given(manifest.getFields())
                    .forEach((part, name) ->
                            found.check(!name.toString().isBlank(), "fields.%s must not be empty: '%s'", part, name));
        }
    }

    private static void numbers(TaskManifest manifest, Problems found) {
        found.range("evalShare", manifest.getEvalShare(), 0, 1);
        found.range("tolerance", manifest.getTolerance(), 0, 1);
        found.range("forgettingBudget", manifest.getForgettingBudget(), 0, 1);
        Long expected = manifest.getExpectedRecords();
        found.check(expected == null || expected >= 1, "expectedRecords must be at least 1: %s", expected);
    }
}
