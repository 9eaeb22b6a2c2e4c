package io.tessellate.mask.adapter;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.LiftedTensor;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;

/** Which entries of a tensor an update covers, and how the file says so. */
public sealed interface EntryIndex {
    /** Number of entries. */
    int count();

    /** Visits the flat indices in ascending order. */
    void forEach(IntConsumer visitor);

    /** The flat indices in ascending order. */
    default int[] toArray() {
        int[] indices = new int[count()];
        int[] next = {0};
        forEach(index -> indices[next[0]++] = index);
        return indices;
    }

    /** Every entry of the tensor. */
    record All(int count) implements EntryIndex {
        @Override
        public void forEach(IntConsumer visitor) {
            for (int index = 0; index < count; index++) {
                visitor.accept(index);
            }
        }
    }

    /** One class of a quasi-cyclic lift: a recipe, no stored indices. */
    final class Seeded implements EntryIndex {
        private final LiftedTensor lift;
        private final int liftClass;
        private final int count;

        /** The entries of a class. */
        public Seeded(LiftedTensor lift, int liftClass) {
            this.lift = lift;
            this.liftClass = Objects.checkIndex(liftClass, lift.classes());
            this.count = lift.cells(liftClass);
        }

        /** The tensor's part of the lift. */
        public LiftedTensor lift() {
            return lift;
        }

        /** The class. */
        public int liftClass() {
            return liftClass;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public void forEach(IntConsumer visitor) {
            lift.forEach(liftClass, visitor);
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Seeded other
                    && liftClass == other.liftClass
                    && lift.tensor().equals(other.lift.tensor())
                    && lift.classes() == other.lift.classes()
                    && lift.seed() == other.lift.seed()
                    && lift.draw() == other.lift.draw()
                    && lift.shared() == other.lift.shared();
        }

        @Override
        public int hashCode() {
            return Objects.hash(liftClass, lift.tensor(), lift.classes(), lift.seed(), lift.draw(), lift.shared());
        }

        @Override
        public String toString() {
            return "class %d of %d, seed %d, draw %d%s"
                    .formatted(liftClass, lift.classes(), lift.seed(), lift.draw(), lift.shared() ? ", shared" : "");
        }
    }

    /** Any entries, listed; Rice-coded in the file. */
    final class Listed implements EntryIndex {
        private final ListedPlaces places;

        private Listed(ListedPlaces places) {
            this.places = places;
        }

        /** Entries by flat index, strictly ascending from at least 0; copied. */
        public Listed(int[] indices) {
            this(new ListedPlaces.Held(indices.clone()));
            int last = -1;
            for (int index : indices) {
                if (index <= last) {
                    throw new TessellateException(
                            ErrorCode.INVALID_ARGUMENT,
                            "indices must ascend strictly from 0: %d after %d".formatted(index, last));
                }
                last = index;
            }
        }

        /** The weights of a mask in one of its tensors: no list is made of them. */
        public static Listed of(Mask mask, int tensor) {
            return new Listed(new ListedPlaces.OfMask(mask, tensor));
        }

        /** What lies in a file, where it was found to be sound. */
        static Listed stored(StoredTensor code, int parameter, int count, long size) {
            return new Listed(new ListedPlaces.Stored(code, parameter, count, size));
        }

        @Override
        public int count() {
            return places.count();
        }

        @Override
        public void forEach(IntConsumer visitor) {
            places.forEach(visitor);
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Listed other
                    && count() == other.count()
                    && Arrays.equals(toArray(), other.toArray());
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(toArray());
        }

        @Override
        public String toString() {
            return count() + " listed entries";
        }
    }
}
