package io.tessellate.dataset.folder;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.dataset.manifest.ChatTemplate;
import io.tessellate.dataset.manifest.FieldNames;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.manifest.ManifestValidation;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Decoding;
import io.tessellate.event.TaskManifest;
import io.tessellate.file.JsonText;
import io.tessellate.id.TaskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The {@code meta.json} that lies beside many data sets and says in free words what they are.
 *
 * @param file for messages
 * @param json its object
 */
public record MetaFile(Path file, JsonNode json) {
    private static final int LISTED = 12;

    /** Reads it; MALFORMED_FILE if it is no JSON, INVALID_MANIFEST if that is no object. */
    public static MetaFile read(Path file) {
        JsonNode json = JsonText.read(file);
        if (!json.isObject()) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST, "%s holds no object but %s".formatted(file, kind(json)));
        }
        return new MetaFile(file, json);
    }

    /** What is trained, as its {@code objective} or {@code task} says in words. */
    public Objective objective() {
        String words = text(json.has("objective") ? "objective" : "task");
        return Objective.in(words)
                .orElseThrow(() -> invalid(
                        "field 'task' is '%s', expected classification, regression, multiple choice or generation"
                                .formatted(words)));
    }

    /** The metrics that its {@code metric} speaks of. */
    public List<MetricName> metrics() {
        return MetricName.in(text("metric"));
    }

    private String text(String field) {
        JsonNode value = json.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw invalid("field '%s' is %s, not a text".formatted(field, kind(value)));
        }
        return value.asText("");
    }

    /** The names of the classes in their order; empty if there are none. */
    private List<String> labels() {
        JsonNode labels = json.path("labels");
        if (labels.isMissingNode() || labels.isNull()) {
            return List.of();
        }
        if (!labels.isArray()) {
            throw invalid("field 'labels' is %s, not the list of the classes' names%s"
                    .formatted(kind(labels), labels.isObject() ? ": write them in the order of their numbers" : ""));
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : labels) {
            if (!name.isValueNode() || name.isNull()) {
                throw invalid("field 'labels' holds %s as a class's name".formatted(kind(name)));
            }
            names.add(name.asText());
        }
        return List.copyOf(names);
    }

    /** The same; INVALID_MANIFEST if there are none. */
    List<String> requiredLabels() {
        List<String> labels = labels();
        if (labels.isEmpty()) {
            throw invalid("a classification needs field 'labels', the list of the classes' names; there are "
                    + String.join(", ", names(json)));
        }
        return labels;
    }

    private Optional<Decoding> decoding() {
        return json.hasNonNull("decoding") ? Optional.of(DecodingField.read(json.get("decoding"))) : Optional.empty();
    }

    private Optional<ChatTemplate> chatTemplate() {
        return json.hasNonNull("chatTemplate")
                ? Optional.of(named(() -> ChatTemplateField.read(json.get("chatTemplate"))))
                : Optional.empty();
    }

    private Optional<Double> forgettingBudget() {
        if (!json.hasNonNull("forgettingBudget")) {
            return Optional.empty();
        }
        if (!json.get("forgettingBudget").isNumber()) {
            throw invalid("field 'forgettingBudget' must hold a number");
        }
        return Optional.of(json.get("forgettingBudget").doubleValue());
    }

    /** The manifest that it stands for, to be sent: measured by the first metric it speaks of. */
    public TaskManifest.Builder toAvro(TaskId task) {
        Objective objective = objective();
        TaskManifest.Builder manifest = TaskManifest.newBuilder()
                .setModel(task.model().value())
                .setTask(task.task().value())
                .setObjective(ManifestCodec.toAvro(objective))
                .setLabels(objective.answer() == Objective.Answer.CLASS ? requiredLabels() : labels());
        metrics().stream().findFirst().map(MetricName::label).ifPresent(manifest::setMetric);
        named(this::decoding).ifPresent(manifest::setDecoding);
        chatTemplate().map(ManifestCodec::toAvro).ifPresent(manifest::setChatTemplate);
        forgettingBudget().ifPresent(manifest::setForgettingBudget);
        return manifest;
    }

    /** What it says of a task that is measured by a metric; INVALID_MANIFEST where the classes' names are not clear. */
    public Manifest manifest(TaskId task, MetricName metric) {
        Objective objective = objective();
        List<String> labels = objective.answer() == Objective.Answer.CLASS ? requiredLabels() : List.of();
        List<String> problems = labels.isEmpty() ? List.of() : ManifestValidation.problems(labels);
        if (!problems.isEmpty()) {
            throw invalid(String.join("; ", problems));
        }
        return new Manifest(
                task,
                true,
                objective,
                labels,
                metric,
                FieldNames.OWN,
                Manifest.DEFAULT_EVAL_SHARE,
                null,
                Manifest.DEFAULT_TOLERANCE,
                null,
                Map.of(),
                Manifest.PROMPT,
                named(() -> ManifestCodec.decoding(decoding().orElse(null))),
                chatTemplate(),
                forgettingBudget());
    }

    /** What is read of it, with its own name before the reason if it cannot be. */
    private <T> T named(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (TessellateException e) {
            throw new TessellateException(e.code(), "%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private TessellateException invalid(String why) {
        return new TessellateException(ErrorCode.INVALID_MANIFEST, "%s: %s".formatted(file, why));
    }

    /** What a value is, in a user's words. */
    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object with " + String.join(", ", names(value));
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a truth value";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream()
                .limit(LISTED)
                .map(field -> "'" + field.getKey() + "'")
                .toList();
    }
}
