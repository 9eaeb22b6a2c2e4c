package io.tessellate.engine.method;

import io.tessellate.engine.lowrank.FactorStart;
import io.tessellate.mask.Mask;
import io.tessellate.mask.QuasiCyclicLift;
import java.util.Optional;

/** The weights a task may change; everything else is frozen. */
public sealed interface MaskPlan {
    /** Every weight of the encoder, embeddings and norms included. */
    record Everything() implements MaskPlan {}

    /**
     * Some of the eligible weights.
     *
     * @param mask the weights
     * @param lifted the class of a lift that the mask is, if it is one and needs no stored indices
     */
    record Entries(Mask mask, Optional<Lifted> lifted) implements MaskPlan {
        /** A mask known only by its entries. */
        public static Entries of(Mask mask) {
            return new Entries(mask, Optional.empty());
        }

        /** A mask that is one class of a lift. */
        public static Entries of(QuasiCyclicLift lift, int liftClass) {
            return new Entries(lift.mask(liftClass), Optional.of(new Lifted(lift, liftClass)));
        }
    }

    /**
     * Whole matrices, each changed by the product of two thin factors.
     *
     * @param matrices every entry of the matrices
     * @param start what the factors are before training
     */
    record LowRank(Mask matrices, FactorStart start) implements MaskPlan {}

    /**
     * One class of a lift.
     *
     * @param lift the lift
     * @param index the class
     */
    record Lifted(QuasiCyclicLift lift, int index) {}
}
