package io.tessellate.dataset;

import io.tessellate.event.Recipe;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** A recipe as canonical text: what is set, as JSON, by name. A run's identity follows from it. */
public final class RecipeText {
    private RecipeText() {}

    /** The canonical text; {@code {}} where nothing is set. */
    public static String of(@Nullable Recipe recipe) {
        Map<String, String> set = new TreeMap<>();
        if (recipe != null) {
            for (Schema.Field field : recipe.getSchema().getFields()) {
                Object value = recipe.get(field.pos());
                if (value != null) {
                    set.put(field.name(), value instanceof Number ? value.toString() : quote(value.toString()));
                }
            }
        }
        return String.join(
                        ",",
                        set.entrySet().stream()
                                .map(e -> quote(e.getKey()) + ":" + e.getValue())
                                .toList())
                .transform(fields -> "{" + fields + "}");
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
