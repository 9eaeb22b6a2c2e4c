package io.tessellate.mask;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.IntConsumer;

/**
 * An immutable set of eligible weights, one compressed bitmap per tensor: what a task leaves alone takes no room, a few
 * weights take two bytes each, many one bit for every weight of the neighbourhood.
 */
public final class Mask {
    private final ParameterSpace space;
    /** By the tensor's ordinal. */
    private final EntrySet[] entries;

    private final long cardinality;

    private Mask(ParameterSpace space, EntrySet[] entries) {
        this.space = space;
        this.entries = entries;
        long sum = 0;
        for (EntrySet set : entries) {
            sum += set.cardinality();
        }
        this.cardinality = sum;
    }

    /** The empty set. */
    public static Mask none(ParameterSpace space) {
        return new Mask(
                space,
                space.tensors().stream()
                        .map(tensor -> EntrySet.none(tensor.size()))
                        .toArray(EntrySet[]::new));
    }

    /** Every eligible weight. */
    public static Mask all(ParameterSpace space) {
        return new Mask(
                space,
                space.tensors().stream()
                        .map(tensor -> EntrySet.all(tensor.size()))
                        .toArray(EntrySet[]::new));
    }

    /** A mask to be filled. */
    public static Builder builder(ParameterSpace space) {
        return new Builder(space);
    }

    /** The weights this is a set of. */
    public ParameterSpace space() {
        return space;
    }

    /** Number of weights in the set. */
    public long cardinality() {
        return cardinality;
    }

    /** Number of weights of one tensor in the set. */
    public int cardinality(int tensor) {
        return entries[tensor].cardinality();
    }

    /** Whether the set is empty. */
    public boolean isEmpty() {
        return cardinality == 0;
    }

    /** Share of the eligible weights in the set; 0 for an empty space. */
    public double density() {
        return space.size() == 0 ? 0 : (double) cardinality / space.size();
    }

    /** Whether a weight is in the set. */
    public boolean contains(int tensor, int index) {
        Objects.checkIndex(index, space.tensor(tensor).size());
        return entries[tensor].contains(index);
    }

    /** Whether a weight is in the set. */
    public boolean contains(String tensor, int index) {
        return contains(space.ordinal(tensor), index);
    }

    /** Sorted flat indices of one tensor. */
    public int[] indices(int tensor) {
        int[] indices = new int[cardinality(tensor)];
        int[] next = {0};
        forEach(tensor, index -> indices[next[0]++] = index);
        return indices;
    }

    /** Sorted flat indices of one tensor. */
    public int[] indices(String tensor) {
        return indices(space.ordinal(tensor));
    }

    /** Visits the flat indices of one tensor in ascending order. */
    public void forEach(int tensor, IntConsumer visitor) {
        entries[tensor].forEach(visitor);
    }

    /** Whether the two sets share a weight. */
    public boolean intersects(Mask other) {
        requireSameSpace(other);
        for (int t = 0; t < entries.length; t++) {
            if (entries[t].intersects(other.entries[t])) {
                return true;
            }
        }
        return false;
    }

    /** How many weights the two sets share. */
    public long intersectionSize(Mask other) {
        requireSameSpace(other);
        long size = 0;
        for (int t = 0; t < entries.length; t++) {
            size += entries[t].intersectionSize(other.entries[t]);
        }
        return size;
    }

    /** Whether every weight of this set is in the other. */
    public boolean isSubsetOf(Mask other) {
        return intersectionSize(other) == cardinality;
    }

    /** Weights in either set. */
    public Mask union(Mask other) {
        return combine(other, EntrySet::union);
    }

    /** Weights in both sets. */
    public Mask intersection(Mask other) {
        return combine(other, EntrySet::intersection);
    }

    /** Weights of this set that are not in the other. */
    public Mask minus(Mask other) {
        return combine(other, EntrySet::minus);
    }

    /** Eligible weights that are not in this set. */
    public Mask complement() {
        return combine(this, (set, same) -> set.complement());
    }

    /** Bytes of the heap that the set takes, roughly; at most one bit for every eligible weight, and a little. */
    public long heapBytes() {
        long bytes = 0;
        for (EntrySet set : entries) {
            bytes += set.heapBytes();
        }
        return bytes;
    }

    private Mask combine(Mask other, BinaryOperator<EntrySet> operator) {
        requireSameSpace(other);
        EntrySet[] result = new EntrySet[entries.length];
        for (int t = 0; t < result.length; t++) {
            result[t] = operator.apply(entries[t], other.entries[t]);
        }
        return new Mask(space, result);
    }

    private void requireSameSpace(Mask other) {
        if (!space.equals(other.space)) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "masks must be over the same weights: %s and %s".formatted(space, other.space));
        }
    }

    @Override
    public boolean equals(Object object) {
        return this == object
                || object instanceof Mask other && space.equals(other.space) && Arrays.equals(entries, other.entries);
    }

    @Override
    public int hashCode() {
        return 31 * space.hashCode() + Arrays.hashCode(entries);
    }

    @Override
    public String toString() {
        return "%d of %s".formatted(cardinality, space);
    }

    /** A mask being filled. Not for use by several threads. */
    public static final class Builder {
        private final ParameterSpace space;
        private final EntrySet.Builder[] entries;

        private Builder(ParameterSpace space) {
            this.space = space;
            this.entries = space.tensors().stream()
                    .map(tensor -> new EntrySet.Builder(tensor.size()))
                    .toArray(EntrySet.Builder[]::new);
        }

        /** Adds one weight. */
        public Builder add(int tensor, int index) {
            Objects.checkIndex(index, space.tensor(tensor).size());
            entries[tensor].add(index);
            return this;
        }

        /** Adds weights of one tensor by their flat indices, in any order. */
        public Builder addAll(String tensor, int[] indices) {
            int ordinal = space.ordinal(tensor);
            for (int index : indices) {
                add(ordinal, index);
            }
            return this;
        }

        /** Adds a whole tensor. */
        public Builder addAll(String tensor) {
            entries[space.ordinal(tensor)].addAll();
            return this;
        }

        /** The mask as filled so far; the builder may be filled further. */
        public Mask build() {
            return new Mask(
                    space, Arrays.stream(entries).map(EntrySet.Builder::build).toArray(EntrySet[]::new));
        }
    }
}
