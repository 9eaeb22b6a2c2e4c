package io.tessellate.method;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.MaskDegrees;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.expander.ClassCount;
import io.tessellate.mask.expander.MaskStructure;
import java.util.Optional;

/** What a method asks to have reserved before it trains, and how many weights that is. */
public sealed interface Claim {
    /** Every weight. */
    static Claim everything() {
        return new Everything();
    }

    /** A number of weights. */
    static Claim count() {
        return new Count();
    }

    /** One class of a partition. */
    static Claim liftClass() {
        return new LiftClass();
    }

    /** Masks of a structure. */
    static Claim of(MaskStructure structure) {
        return new Structured(structure);
    }

    /**
     * How many of the eligible weights a density stands for. INVALID_RECIPE where the model has no such mask, whoever owns
     * what.
     *
     * @param density share of the weights, in (0, 1]
     */
    long weights(ParameterSpace eligible, double density);

    /** Whether it takes weights whoever owns them, which only models with shared ownership grant. */
    default boolean overwrites() {
        return false;
    }

    /** Whether weights are chosen one by one: among any that are targeted, fewer than asked for, and anew. */
    default boolean isCount() {
        return false;
    }

    /** Whether it is known before training which weights they are, so that tasks can be trained beside each other. */
    default boolean isLiftClass() {
        return false;
    }

    /** The structure that finds the mask, if it is not the method. */
    default Optional<MaskStructure> structure() {
        return Optional.empty();
    }

    /** Whether a mask of such degrees in a tensor is all that this claims of it; never where no degrees are claimed. */
    default boolean isHeldBy(MaskDegrees degrees) {
        return false;
    }

    /** Whether degrees are claimed: the mask is meant to be worth something as a graph. */
    default boolean hasDegrees() {
        return isLiftClass() || structure().isPresent();
    }

    /** Any weight, whoever owns it. */
    record Everything() implements Claim {
        @Override
        public long weights(ParameterSpace eligible, double density) {
            return eligible.size();
        }

        @Override
        public boolean overwrites() {
            return true;
        }
    }

    /** A number of weights; which ones is found out in training. */
    record Count() implements Claim {
        @Override
        public long weights(ParameterSpace eligible, double density) {
            long size = eligible.size();
            long wanted = (long) Math.floor(density * size);
            if (wanted == 0) {
                throw new TessellateException(
                        ErrorCode.INVALID_RECIPE, "density %s of %d weights leaves none".formatted(density, size));
            }
            return wanted;
        }

        @Override
        public boolean isCount() {
            return true;
        }
    }

    /** One class of a partition of all weights into the classes of a lift, known before training. */
    record LiftClass() implements Claim {
        /** The mean of the classes, rounded up: they differ where their number does not divide the sides. */
        @Override
        public long weights(ParameterSpace eligible, double density) {
            int classes = ClassCount.of(eligible, density);
            return (eligible.size() + classes - 1) / classes;
        }

        @Override
        public boolean isLiftClass() {
            return true;
        }

        @Override
        public boolean isHeldBy(MaskDegrees degrees) {
            return degrees.regular();
        }
    }

    /**
     * As many weights in every row or column as a structure has; which ones is found out from what is free.
     *
     * @param family the masks that have it
     */
    record Structured(MaskStructure family) implements Claim {
        @Override
        public long weights(ParameterSpace eligible, double density) {
            return family.size(eligible, density);
        }

        @Override
        public Optional<MaskStructure> structure() {
            return Optional.of(family);
        }

        @Override
        public boolean isHeldBy(MaskDegrees degrees) {
            return family.holds(degrees);
        }
    }
}
