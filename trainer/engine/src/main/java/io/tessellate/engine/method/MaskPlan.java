package io.tessellate.engine.method;

import io.tessellate.engine.lowrank.FactorStart;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import java.util.Optional;

/** The weights a task may change; everything else is frozen. */
public sealed interface MaskPlan {
    /** This plan as far as it lies within some of the eligible weights. */
    MaskPlan within(Mask weights);

    /** What this plan and another one of the same method cover together. */
    MaskPlan with(MaskPlan other);

    /** The weights, if they are some of the eligible ones. */
    Optional<Mask> entries();

    /** Every weight of the encoder, embeddings and norms included. */
    record Everything() implements MaskPlan {
        @Override
        public MaskPlan within(Mask weights) {
            return this;
        }

        @Override
        public MaskPlan with(MaskPlan other) {
            return this;
        }

        @Override
        public Optional<Mask> entries() {
            return Optional.empty();
        }
    }

    /**
     * Some of the eligible weights.
     *
     * @param mask the weights
     * @param lifted the class of a lift that the mask lies in, whole tensors of which need no stored indices
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

        @Override
        public MaskPlan within(Mask weights) {
            return mask.isSubsetOf(weights) ? this : new Entries(mask.intersection(weights), lifted);
        }

        @Override
        public MaskPlan with(MaskPlan other) {
            return other.entries().<MaskPlan>map(more -> of(mask.union(more))).orElse(other);
        }

        @Override
        public Optional<Mask> entries() {
            return Optional.of(mask);
        }
    }

    /**
     * Whole matrices, each changed by the product of two thin factors.
     *
     * @param matrices at least one entry of each of the matrices
     * @param start what the factors are before training
     */
    record LowRank(Mask matrices, FactorStart start) implements MaskPlan {
        @Override
        public MaskPlan within(Mask weights) {
            return new LowRank(matrices.intersection(weights), start);
        }

        @Override
        public MaskPlan with(MaskPlan other) {
            return this;
        }

        @Override
        public Optional<Mask> entries() {
            return Optional.empty();
        }
    }

    /**
     * One class of a lift.
     *
     * @param lift the lift
     * @param index the class
     */
    record Lifted(QuasiCyclicLift lift, int index) {}
}
