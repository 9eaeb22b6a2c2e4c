package io.tessellate.engine.train.gradient;

import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.Seeds;

/** What a step drops: a function of the recipe and the step. */
public final class StepDropout {
    private StepDropout() {}

    /** The dropout of a step counted from 0. */
    public static Dropout of(Recipe recipe, Seeds seeds, Phase phase, long step) {
        if (recipe.dropout() == 0 && recipe.attentionDropout() == 0) {
            return Dropout.none();
        }
        long key = seeds.of("dropout/" + phase.label(), step).nextLong();
        return new Dropout(recipe.dropout(), recipe.attentionDropout(), key, 0);
    }
}
