package io.tessellate.engine.method;

import io.tessellate.lineage.ExpanderClass;
import io.tessellate.mask.Mask;
import java.util.Optional;

/** The weights a task may change; everything else is frozen. */
public sealed interface MaskPlan {
    /** Every weight of the encoder, embeddings and norms included. */
    record Everything() implements MaskPlan {}

    /**
     * Some of the eligible weights.
     *
     * @param mask the weights
     * @param lift the class that the mask is, if it is one and needs no stored indices
     */
    record Entries(Mask mask, Optional<ExpanderClass> lift) implements MaskPlan {
        /** A mask known only by its entries. */
        public static Entries of(Mask mask) {
            return new Entries(mask, Optional.empty());
        }
    }
}
