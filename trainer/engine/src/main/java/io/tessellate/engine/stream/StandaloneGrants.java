package io.tessellate.engine.stream;

import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Grant;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.MaskTerms;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.method.Claim;
import io.tessellate.method.MethodName;
import java.util.List;
import java.util.OptionalInt;

/** Grants what the registry would, for runs without one. */
public final class StandaloneGrants {
    private final Sha256 base;

    /** Grants for a model of this base. */
    public StandaloneGrants(Sha256 base) {
        this.base = base;
    }

    /**
     * What a recipe gets when these weights are owned already; INVALID_RECIPE if the model has no such mask, CAPACITY if no
     * class of a lift is left. Nobody said how such a run's tasks share the weights, so every method is granted.
     */
    public Grant grant(Recipe recipe, Mask owned, ParameterLayout layout) {
        MaskRequest wish =
                RequestedWeights.wish(recipe, RequestedWeights.share(recipe, () -> layout), OptionalInt.empty());
        long wanted = new MaskTerms(owned.space(), Ownership.SHARED).weights(wish);
        return MethodName.parse(recipe.method()).claim() == Claim.CLASS
                ? lifted(wish, owned)
                : Grant.of(wanted, recipe.sharedMask());
    }

    private Grant lifted(MaskRequest wish, Mask owned) {
        ClassPartition partition = ClassPartition.of(base, owned.space(), wish.density(), wish.sharedMask());
        QuasiCyclicLift lift =
                new QuasiCyclicLift(owned.space(), partition.classes(), partition.seed(), partition.shared());
        ExpanderClass free = partition
                .lowestFree(
                        List.of(), candidate -> !lift.mask(candidate.index()).intersects(owned))
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.CAPACITY,
                        "all %d classes of the lift hold weights that earlier tasks own"
                                .formatted(partition.classes())));
        return Grant.of(lift.mask(free.index()).cardinality(), free);
    }
}
