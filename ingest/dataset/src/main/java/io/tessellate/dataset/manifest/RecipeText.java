package io.tessellate.dataset.manifest;

import io.tessellate.event.Recipe;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A recipe as canonical text: what is set, as JSON, by name. A run's identity follows from it. */
public final class RecipeText {
    private RecipeText() {}

    /** The canonical text; {@code {}} where nothing is set. */
    public static String of(@Nullable Recipe recipe) {
        return RecipeValues.given(recipe).entrySet().stream()
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
