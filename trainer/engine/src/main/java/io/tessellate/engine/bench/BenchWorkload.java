package io.tessellate.engine.bench;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import java.util.List;
import java.util.Optional;
import java.util.Random;

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
            List<EligibleTensor> chosen = layout.eligible().tensors().stream()
                    .filter(tensor -> tensor.name().contains(".attention.self."))
                    .toList();
            QuasiCyclicLift lift = new QuasiCyclicLift(new ParameterSpace(chosen), CLASSES, seed);
            Mask.Builder mask = Mask.builder(layout.eligible());
            Mask ofChosen = lift.mask(0);
            chosen.forEach(tensor -> mask.addAll(tensor.name(), ofChosen.indices(tensor.name())));
            return new MaskPlan.Entries(mask.build(), Optional.of(new MaskPlan.Lifted(lift, 0)));
        }
    };

    private static final int CLASSES = 100;

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
