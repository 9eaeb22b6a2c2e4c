package io.tessellate.mask.adapter;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.safetensors.Shape;
import java.util.Arrays;

/** One dense tensor of a task's head, for example its {@code weight} of shape [labels, features]. */
public final class HeadTensor {
    private final String name;
    private final Shape shape;
    private final float[] values;

    /** A head tensor; the values are copied and must be finite. */
    public HeadTensor(String name, Shape shape, float[] values) {
        String what = "head tensor '" + name + "'";
        if (name.isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "a head tensor must have a name");
        }
        TensorLimits.requireShape(what, shape);
        TensorLimits.requireCount(what, shape.elements(), values.length);
        TensorLimits.requireFinite(what, values);
        this.name = name;
        this.shape = shape;
        this.values = values.clone();
    }

    /** Its name within the head. */
    public String name() {
        return name;
    }

    /** Its dimensions. */
    public Shape shape() {
        return shape;
    }

    /** A copy of its values, row by row. */
    public float[] values() {
        return values.clone();
    }

    float[] sharedValues() {
        return values;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof HeadTensor other
                && name.equals(other.name)
                && shape.equals(other.shape)
                && Arrays.equals(values, other.values);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return name + shape;
    }
}
