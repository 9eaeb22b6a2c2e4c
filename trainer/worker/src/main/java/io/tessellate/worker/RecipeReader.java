package io.tessellate.worker;

import io.tessellate.engine.train.Recipe;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** From the recipe of a manifest, in which null means the method's default, to the engine's. */
final class RecipeReader {
    private RecipeReader() {}

    /**
     * The recipe with every default filled in. Fields have the same names on both sides.
     *
     * @throws io.tessellate.error.TessellateException INVALID_RECIPE, naming field, value and rule
     */
    static Recipe read(io.tessellate.event.@Nullable Recipe recipe) {
        Map<String, Object> given = new HashMap<>();
        if (recipe != null) {
            for (Schema.Field field : recipe.getSchema().getFields()) {
                Object value = recipe.get(field.pos());
                if (value != null) {
                    given.put(field.name(), value);
                }
            }
        }
        return Recipe.of(given);
    }
}
