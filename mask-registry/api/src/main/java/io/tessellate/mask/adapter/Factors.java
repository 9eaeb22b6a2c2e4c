package io.tessellate.mask.adapter;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.safetensors.Shape;
import java.util.Arrays;

/**
 * How a low-rank change of one matrix came about: {@code W' = W + scale B A}, W being the matrix in the version that the
 * adapter was trained on. B is [rows, rank] and A [rank, columns], both row-major.
 */
public final class Factors {
    static final int MAX_RANK = 65_536;

    private final String tensor;
    private final int rank;
    private final double scale;
    private final float[] a;
    private final float[] b;

    /**
     * Factors of a change; both arrays are copied and must be finite.
     *
     * @param tensor the matrix
     * @param a right factor
     * @param b left factor
     */
    public Factors(String tensor, int rank, double scale, float[] a, float[] b) {
        if (rank < 1 || rank > MAX_RANK || !(scale > 0) || !Double.isFinite(scale)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "factors of tensor '%s' must have a rank from 1 to %d and a finite scale above 0: rank %d, scale %s"
                            .formatted(tensor, MAX_RANK, rank, scale));
        }
        requireRows("factor A of tensor '" + tensor + "'", rank, a);
        requireRows("factor B of tensor '" + tensor + "'", rank, b);
        this.tensor = tensor;
        this.rank = rank;
        this.scale = scale;
        this.a = a.clone();
        this.b = b.clone();
    }

    private static void requireRows(String what, int rank, float[] values) {
        if (values.length == 0 || values.length % rank != 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s must have a multiple of its rank %d of values: %d".formatted(what, rank, values.length));
        }
        TensorLimits.requireFinite(what, values);
    }

    /** Refuses factors that cannot make this update: TENSOR_MISMATCH. */
    void requireFitting(TensorUpdate update) {
        boolean whole =
                update.index() instanceof EntryIndex.All && update.shape().rank() == 2;
        if (!whole || !update.shape().equals(Shape.of(rows(), columns()))) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "factors of a change of [%d, %d] cannot be of the update %s".formatted(rows(), columns(), update));
        }
    }

    /** The matrix they change. */
    public String tensor() {
        return tensor;
    }

    /** Rows of A and columns of B. */
    public int rank() {
        return rank;
    }

    /** What the product is multiplied with. */
    public double scale() {
        return scale;
    }

    /** Rows of the matrix. */
    public int rows() {
        return b.length / rank;
    }

    /** Columns of the matrix. */
    public int columns() {
        return a.length / rank;
    }

    /** A copy of the right factor, [rank, columns]. */
    public float[] a() {
        return a.clone();
    }

    /** A copy of the left factor, [rows, rank]. */
    public float[] b() {
        return b.clone();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Factors other
                && tensor.equals(other.tensor)
                && rank == other.rank
                && scale == other.scale
                && Arrays.equals(a, other.a)
                && Arrays.equals(b, other.b);
    }

    @Override
    public int hashCode() {
        return 31 * tensor.hashCode() + Arrays.hashCode(a) + Arrays.hashCode(b);
    }

    @Override
    public String toString() {
        return "rank %d of %s, scale %s".formatted(rank, tensor, scale);
    }
}
