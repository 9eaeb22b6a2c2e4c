package io.tessellate.mask.adapter;

import io.tessellate.mask.Mask;
import java.util.function.IntConsumer;

/** Where the flat indices of listed entries are had from, in ascending order. */
sealed interface ListedPlaces {
    int count();

    void forEach(IntConsumer visitor);

    /** In memory. */
    final class Held implements ListedPlaces {
        private final int[] indices;

        Held(int[] indices) {
            this.indices = indices;
        }

        @Override
        public int count() {
            return indices.length;
        }

        @Override
        public void forEach(IntConsumer visitor) {
            for (int index : indices) {
                visitor.accept(index);
            }
        }
    }

    /** A mask's in one of its tensors. */
    record OfMask(Mask mask, int tensor) implements ListedPlaces {
        @Override
        public int count() {
            return mask.cardinality(tensor);
        }

        @Override
        public void forEach(IntConsumer visitor) {
            mask.forEach(tensor, visitor);
        }
    }

    /** Rice-coded in a file. */
    record Stored(StoredTensor code, int parameter, int count, long size) implements ListedPlaces {
        @Override
        public void forEach(IntConsumer visitor) {
            try {
                RiceCode.visit(code.bytes(), parameter, count, size, visitor);
            } catch (MalformedAdapterException e) {
                throw code.damaged(e.getMessage());
            }
        }
    }
}
