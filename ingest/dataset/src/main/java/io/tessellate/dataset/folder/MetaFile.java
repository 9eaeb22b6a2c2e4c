package io.tessellate.dataset.folder;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.JsonText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    /** What is trained: {@code objective} or {@code task}. */
    public String task() {
        return text(json.has("objective") ? "objective" : "task");
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
    public List<String> labels() {
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
    public List<String> requiredLabels() {
        List<String> labels = labels();
        if (labels.isEmpty()) {
            throw invalid("a classification needs field 'labels', the list of the classes' names; there are "
                    + String.join(", ", names(json)));
        }
        return labels;
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
