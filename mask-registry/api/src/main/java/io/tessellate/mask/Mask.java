package io.tessellate.mask;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;

/** An immutable set of eligible weights, one bitmap per tensor. */
public final class Mask {
    private final ParameterSpace space;
    /** [tensor][word]; bits beyond a tensor's size are 0. */
    private final long[][] bits;

    private final long cardinality;

    private Mask(ParameterSpace space, long[][] bits) {
        this.space = space;
        this.bits = bits;
        long sum = 0;
        for (long[] words : bits) {
            sum += Bits.count(words);
        }
        this.cardinality = sum;
    }

    /** The empty set. */
    public static Mask none(ParameterSpace space) {
        return new Builder(space).build();
    }

    /** Every eligible weight. */
    public static Mask all(ParameterSpace space) {
        return none(space).complement();
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
        return Math.toIntExact(Bits.count(bits[tensor]));
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
        return Bits.get(bits[tensor], index);
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
        long[] words = bits[tensor];
        for (int w = 0; w < words.length; w++) {
            for (long rest = words[w]; rest != 0; rest &= rest - 1) {
                visitor.accept((w << 6) + Long.numberOfTrailingZeros(rest));
            }
        }
    }

    /** Whether the two sets share a weight. */
    public boolean intersects(Mask other) {
        requireSameSpace(other);
        for (int t = 0; t < bits.length; t++) {
            if (Bits.intersect(bits[t], other.bits[t])) {
                return true;
            }
        }
        return false;
    }

    /** How many weights the two sets share. */
    public long intersectionSize(Mask other) {
        requireSameSpace(other);
        long size = 0;
        for (int t = 0; t < bits.length; t++) {
            size += Bits.intersectionCount(bits[t], other.bits[t]);
        }
        return size;
    }

    /** Whether every weight of this set is in the other. */
    public boolean isSubsetOf(Mask other) {
        return intersectionSize(other) == cardinality;
    }

    /** Weights in either set. */
    public Mask union(Mask other) {
        return combine(other, (a, b) -> a | b);
    }

    /** Weights in both sets. */
    public Mask intersection(Mask other) {
        return combine(other, (a, b) -> a & b);
    }

    /** Weights of this set that are not in the other. */
    public Mask minus(Mask other) {
        return combine(other, (a, b) -> a & ~b);
    }

    /** Eligible weights that are not in this set. */
    public Mask complement() {
        return combine(this, (a, b) -> ~a);
    }

    private Mask combine(Mask other, WordOperator operator) {
        requireSameSpace(other);
        long[][] result = new long[bits.length][];
        for (int t = 0; t < bits.length; t++) {
            long[] words = new long[bits[t].length];
            for (int w = 0; w < words.length; w++) {
                words[w] = operator.apply(bits[t][w], other.bits[t][w]);
            }
            Bits.clearTail(words, space.tensor(t).size());
            result[t] = words;
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
                || object instanceof Mask other && space.equals(other.space) && Arrays.deepEquals(bits, other.bits);
    }

    @Override
    public int hashCode() {
        return 31 * space.hashCode() + Arrays.deepHashCode(bits);
    }

    @Override
    public String toString() {
        return "%d of %s".formatted(cardinality, space);
    }

    @FunctionalInterface
    private interface WordOperator {
        long apply(long a, long b);
    }

    /** A mask being filled. Not for use by several threads. */
    public static final class Builder {
        private final ParameterSpace space;
        private final long[][] bits;

        private Builder(ParameterSpace space) {
            this.space = space;
            this.bits = new long[space.tensorCount()][];
            for (int t = 0; t < bits.length; t++) {
                bits[t] = Bits.empty(space.tensor(t).size());
            }
        }

        /** Adds one weight. */
        public Builder add(int tensor, int index) {
            Objects.checkIndex(index, space.tensor(tensor).size());
            Bits.set(bits[tensor], index);
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
            int ordinal = space.ordinal(tensor);
            Arrays.fill(bits[ordinal], -1L);
            Bits.clearTail(bits[ordinal], space.tensor(ordinal).size());
            return this;
        }

        /** The mask as filled so far; the builder may be filled further. */
        public Mask build() {
            long[][] copy = new long[bits.length][];
            for (int t = 0; t < bits.length; t++) {
                copy[t] = bits[t].clone();
            }
            return new Mask(space, copy);
        }
    }
}
