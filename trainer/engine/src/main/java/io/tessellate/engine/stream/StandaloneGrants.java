package io.tessellate.engine.stream;

import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.recipe.RequestedWeights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.Availability;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Grant;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.Ownership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Grants what the registry would, by the same rule, for runs without one. */
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
        double share = RequestedWeights.share(recipe, () -> layout);
        MaskRequest request = RequestedWeights.request(recipe, share, OptionalInt.empty());
        return new GrantRule(owned.space(), Ownership.SHARED)
                .grant(request, new Owned(base, owned, new HashMap<>()))
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.CAPACITY,
                        "all %d classes of the lift hold weights that earlier tasks own"
                                .formatted(ClassPartition.of(base, owned.space(), share, recipe.sharedMask())
                                        .classes())));
    }

    /** What the run's earlier tasks own; nothing is reserved beside it, and no class is given out twice. */
    private record Owned(Sha256 base, Mask owned, Map<ClassPartition, QuasiCyclicLift> lifts) implements Availability {
        @Override
        public long free() {
            return owned.space().size() - owned.cardinality();
        }

        @Override
        public QuasiCyclicLift lift(ExpanderClass of) {
            return lifts.computeIfAbsent(
                    new ClassPartition(of.lift(), of.seed(), of.shared()),
                    known -> new QuasiCyclicLift(owned.space(), known.classes(), known.seed(), known.shared()));
        }

        @Override
        public Optional<ExpanderClass> held() {
            return Optional.empty();
        }

        @Override
        public List<ExpanderClass> reserved() {
            return List.of();
        }

        @Override
        public Optional<ExpanderClass> again(ClassPartition partition) {
            return Optional.empty();
        }
    }
}
