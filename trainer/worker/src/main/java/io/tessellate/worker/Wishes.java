package io.tessellate.worker;

import io.tessellate.engine.train.Recipe;
import io.tessellate.lineage.Exhaustion;
import io.tessellate.lineage.MaskWish;
import java.util.OptionalInt;

/** What a recipe asks the registry for. */
final class Wishes {
    private Wishes() {}

    /**
     * The wish.
     *
     * @param share of the eligible weights
     */
    static MaskWish of(Recipe recipe, double share, OptionalInt parallelFrom) {
        return new MaskWish(
                recipe.method(),
                share,
                Exhaustion.valueOf(recipe.exhaustion().name()),
                recipe.sharedMask(),
                parallelFrom);
    }
}
