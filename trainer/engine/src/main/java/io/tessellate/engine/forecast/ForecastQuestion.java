package io.tessellate.engine.forecast;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.id.TaskId;
import java.util.List;

/**
 * A training that has not begun.
 *
 * @param task what it would be called
 * @param manifest what its dataset says of itself
 * @param train the train split
 * @param recipe how it would be trained
 * @param share of the train split that is calibrated on, above 0 and up to 1
 */
public record ForecastQuestion(TaskId task, Manifest manifest, List<Example> train, Recipe recipe, double share) {
    /** Copies the list. */
    public ForecastQuestion {
        train = List.copyOf(train);
    }
}
