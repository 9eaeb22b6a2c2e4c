package io.tessellate.dataset.manifest;

import io.tessellate.dataset.manifest.ManifestValidation.Problem;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.Recipe;
import io.tessellate.recipe.RecipeFields;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a recipe has to hold to before anything is trained by it: a dataset closes only once, so a misspelt method must not
 * get that far.
 */
public final class RecipeValues {
    private RecipeValues() {}

    static List<Problem> problems(@Nullable Recipe recipe) {
        return RecipeFields.problems(given(recipe)).stream()
                .map(problem -> new Problem(ErrorCode.INVALID_RECIPE, problem))
                .toList();
    }

    /** The fields that a recipe sets, by name. */
    public static Map<String, Object> given(@Nullable Recipe recipe) {
        return recipe == null ? new TreeMap<>() : set(recipe);
    }

    /** The fields of any record that are not null, by name. */
    static Map<String, Object> set(SpecificRecord record) {
        Map<String, Object> given = new TreeMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (value != null) {
                given.put(field.name(), value);
            }
        }
        return given;
    }
}
