package io.tessellate.engine.bench;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Role;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What is trained. */
public enum BenchWorkload {
    /** Every parameter. */
    FULL("full fine-tuning") {
        @Override
        MaskPlan plan(ParameterLayout layout, long seed) {
            return new MaskPlan.Everything();
        }
    },
    /** A tenth of the eligible weights, scattered over all of them as a LoTA mask is. */
    LOTA("mask of 10 %") {
        @Override
        MaskPlan plan(ParameterLayout layout, long seed) {
            Mask all = Mask.all(layout.eligible());
            return MaskPlan.Entries.of(RandomMask.of(all, all.cardinality() / 10, new Random(seed)));
        }
    },
    /** One class of a quasi-cyclic lift of density 1 % on query, key and value. */
    EXPANDER("expander mask of 1 % on q, k, v") {
        @Override
        MaskPlan plan(ParameterLayout layout, long seed) {
            Mask projections = layout.weights(PROJECTIONS::contains);
            List<EligibleTensor> chosen = IntStream.range(0, projections.space().tensorCount())
                    .filter(t -> projections.cardinality(t) > 0)
                    .mapToObj(projections.space()::tensor)
                    .toList();
            QuasiCyclicLift lift = new QuasiCyclicLift(new ParameterSpace(chosen), CLASSES, seed);
            Mask.Builder mask = Mask.builder(layout.eligible());
            Mask ofChosen = lift.mask(0);
            chosen.forEach(tensor -> mask.addAll(tensor.name(), ofChosen.indices(tensor.name())));
            return new MaskPlan.Entries(mask.build(), Optional.of(new MaskPlan.Lifted(lift, 0)));
        }
    };

    private static final int CLASSES = 100;
    private static final Set<Role> PROJECTIONS = EnumSet.of(Role.QUERY, Role.KEY, Role.VALUE);

    private final String label;

    BenchWorkload(String label) {
        this.label = label;
    }

    /** The name it is printed under. */
    public String label() {
        return label;
    }

    /** The weights to train, chosen by a seed. */
    abstract MaskPlan plan(ParameterLayout layout, long seed);
}
