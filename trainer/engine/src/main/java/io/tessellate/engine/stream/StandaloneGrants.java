package io.tessellate.engine.stream;

import io.tessellate.engine.method.Grant;
import io.tessellate.engine.model.ParameterLayout;
import io.tessellate.engine.train.Demand;
import io.tessellate.engine.train.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.ExpanderClass;
import io.tessellate.mask.Mask;
import io.tessellate.mask.QuasiCyclicLift;
import java.nio.ByteBuffer;

/** Grants what the registry would, for runs without one. */
public final class StandaloneGrants {
    private final Sha256 base;

    /** Grants for a model of this base. */
    public StandaloneGrants(Sha256 base) {
        this.base = base;
    }

    /** What a recipe gets when these weights are owned already; CAPACITY if no class of a lift is left. */
    public Grant grant(Recipe recipe, Mask owned, ParameterLayout layout) {
        return recipe.method().equals("expander")
                ? lifted(recipe, owned)
                : Grant.of(Demand.weights(recipe, layout), recipe.sharedMask());
    }

    private Grant lifted(Recipe recipe, Mask owned) {
        int classes = (int) Math.max(2, Math.round(1 / recipe.density()));
        long seed = seed(classes);
        QuasiCyclicLift lift = new QuasiCyclicLift(owned.space(), classes, seed, recipe.sharedMask());
        for (int index = 0; index < classes; index++) {
            Mask mask = lift.mask(index);
            if (!mask.intersects(owned)) {
                return Grant.of(mask.cardinality(), new ExpanderClass(classes, index, seed, recipe.sharedMask()));
            }
        }
        throw new TessellateException(
                ErrorCode.CAPACITY,
                "all %d classes of the lift hold weights that earlier tasks own".formatted(classes));
    }

    /** The registry's rule: the first eight bytes of SHA-256 over the base's digest and the number of classes. */
    private long seed(int classes) {
        byte[] identity = ByteBuffer.allocate(base.bytes().length + Integer.BYTES)
                .put(base.bytes())
                .putInt(classes)
                .array();
        return ByteBuffer.wrap(Sha256.of(identity).bytes()).getLong();
    }
}
