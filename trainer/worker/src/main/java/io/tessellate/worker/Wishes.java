package io.tessellate.worker;

import io.tessellate.engine.train.Recipe;
import io.tessellate.lineage.Exhaustion;
import io.tessellate.lineage.MaskWish;
import java.util.OptionalInt;

/** What a recipe asks the registry for. */
final class Wishes {
    private Wishes() {}

    static MaskWish of(Recipe recipe, OptionalInt parallelFrom) {
        return new MaskWish(
                recipe.method(),
                recipe.density(),
                Exhaustion.valueOf(recipe.exhaustion().name()),
                recipe.sharedMask(),
                parallelFrom);
    }
}
