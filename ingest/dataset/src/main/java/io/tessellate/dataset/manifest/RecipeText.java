package io.tessellate.dataset.manifest;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A recipe as canonical text: what is set, as JSON, by name. A run's identity follows from it. */
public final class RecipeText {
    private RecipeText() {}

    /** The canonical text of the fields that are set, in the order of their names; {@code {}} where nothing is. */
    public static String of(Map<String, Object> given) {
        return new TreeMap<>(given)
                .entrySet().stream()
                        .map(field -> quote(field.getKey()) + ":" + text(field.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String text(Object value) {
        return value instanceof Number || value instanceof Boolean ? value.toString() : quote(value.toString());
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
