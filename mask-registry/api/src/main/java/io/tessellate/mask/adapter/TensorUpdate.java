package io.tessellate.mask.adapter;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.LiftedTensor;
import io.tessellate.safetensors.Shape;
import java.util.Arrays;

/**
 * New values for some or all entries of one tensor: absolute values, to be assigned. Those of a large adapter file stay in it
 * and are read, and held against their checksum, whenever they are asked for.
 */
public final class TensorUpdate {
    private final String name;
    private final Shape shape;
    private final EntryIndex index;
    private final Values values;

    private TensorUpdate(String name, Shape shape, EntryIndex index, Values values) {
        String what = what(name);
        if (name.isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "an updated tensor must have a name");
        }
        TensorLimits.requireShape(what, shape);
        TensorLimits.requireCount(what, index.count(), values.count());
        if (values.count() == 0) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, what + " must have at least one entry");
        }
        values.requireFinite(what);
        this.name = name;
        this.shape = shape;
        this.index = index;
        this.values = values;
    }

    static String what(String name) {
        return "update of tensor '" + name + "'";
    }

    /** An update whose values lie in a file that was looked through; the index is one that fits the shape. */
    static TensorUpdate of(String name, Shape shape, EntryIndex index, Values values) {
        return new TensorUpdate(name, shape, index, values);
    }

    /**
     * New values for the weights of a mask in one of its tensors.
     *
     * @param values in ascending order of the flat index; taken over, not copied
     */
    public static TensorUpdate of(Mask mask, int tensor, float[] values) {
        EligibleTensor where = mask.space().tensor(tensor);
        return new TensorUpdate(
                where.name(),
                Shape.of(where.rows(), where.columns()),
                EntryIndex.Listed.of(mask, tensor),
                new Values.Held(values));
    }

    /** New values for a whole tensor. */
    public static TensorUpdate all(String name, Shape shape, float[] values) {
        TensorLimits.requireShape(what(name), shape);
        return new TensorUpdate(
                name, shape, new EntryIndex.All((int) shape.elements()), new Values.Held(values.clone()));
    }

    /** New values for the entries at strictly ascending flat indices. */
    public static TensorUpdate listed(String name, Shape shape, int[] indices, float[] values) {
        EntryIndex.Listed listed = new EntryIndex.Listed(indices);
        if (indices.length > 0 && indices[indices.length - 1] >= shape.elements()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "index %d lies outside tensor '%s' of shape %s"
                            .formatted(indices[indices.length - 1], name, shape));
        }
        return new TensorUpdate(name, shape, listed, new Values.Held(values.clone()));
    }

    /** New values for the entries of one class of a lift, in ascending order of their flat index. */
    public static TensorUpdate seeded(LiftedTensor lift, int liftClass, float[] values) {
        Shape shape = Shape.of(lift.tensor().rows(), lift.tensor().columns());
        return new TensorUpdate(
                lift.tensor().name(), shape, new EntryIndex.Seeded(lift, liftClass), new Values.Held(values.clone()));
    }

    /** The tensor's name in the model's weight file. */
    public String name() {
        return name;
    }

    /** The tensor's dimensions in the model. */
    public Shape shape() {
        return shape;
    }

    /** Which entries are updated. */
    public EntryIndex index() {
        return index;
    }

    /** Number of entries updated. */
    public int count() {
        return values.count();
    }

    /** A copy of the new values, in ascending order of their flat index. */
    public float[] values() {
        return values.copy();
    }

    /** The updated flat indices, ascending. */
    public int[] indices() {
        return index.toArray();
    }

    /** Visits every entry in ascending order of its flat index. */
    public void forEach(EntryVisitor visitor) {
        float[] all = values.all();
        int[] next = {0};
        index.forEach(entry -> visitor.entry(entry, all[next[0]++]));
    }

    /** Assigns the new values in a vector that holds the tensor from {@code offset} on. */
    public void assignTo(float[] vector, int offset) {
        forEach((entry, value) -> vector[offset + entry] = value);
    }

    /** The values, which must not be changed; read anew where they lie in a file. */
    float[] sharedValues() {
        return values.all();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof TensorUpdate other
                && name.equals(other.name)
                && shape.equals(other.shape)
                && index.equals(other.index)
                && Arrays.equals(values.all(), other.values.all());
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(values.all());
    }

    @Override
    public String toString() {
        return "%s%s: %s".formatted(name, shape, index);
    }

    /** Sees one entry. */
    @FunctionalInterface
    public interface EntryVisitor {
        /** An entry's flat index and its new value. */
        void entry(int index, float value);
    }
}
