package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Reach;
import java.util.ArrayList;
import java.util.List;

/** The tensors that one call of a kernel needs besides the vectors: views of matrices, and memory that is freed with it. */
final class KernelWorkspace implements AutoCloseable {
    private final Workspaces common;
    private final TorchDevice device;
    private final List<Tensor> tensors = new ArrayList<>();

    KernelWorkspace(Workspaces common) {
        this.common = common;
        this.device = common.device();
    }

    private Tensor keep(Tensor tensor) {
        tensors.add(tensor);
        return tensor;
    }

    /** All entries of a matrix, [rows, columns]. */
    Tensor view(Matrix matrix) {
        return view(matrix, 0, matrix.rows(), matrix.columns());
    }

    /** Entries of a matrix from one on in another dense shape. */
    Tensor view(Matrix matrix, long first, long... sizes) {
        return strided(matrix, first, sizes, Tensor.rowMajor(sizes));
    }

    Tensor transposed(Matrix matrix) {
        return strided(matrix, 0, new long[] {matrix.columns(), matrix.rows()}, new long[] {1, matrix.columns()});
    }

    /** Columns of a matrix from one on. */
    Tensor columns(Matrix matrix, int first, int count) {
        return strided(matrix, first, new long[] {matrix.rows(), count}, new long[] {matrix.columns(), 1});
    }

    Tensor strided(Matrix matrix, long first, long[] sizes, long[] strides) {
        TorchMatrix own = (TorchMatrix) matrix;
        if (own.rounded()) {
            throw new IllegalArgumentException("a matrix rounded to bf16 goes into products of such numbers only");
        }
        return keep(Libtorch.view(own.memory().tensor(), own.offset() + first, sizes, strides));
    }

    /** Heads of a matrix where they lie, [rows, heads, width]. */
    Tensor heads(Matrix matrix, HeadShape.Columns heads, int width) {
        long[] sizes = {matrix.rows(), heads.count(), width};
        return strided(matrix, heads.first(), sizes, new long[] {matrix.columns(), heads.stride(), 1});
    }

    /** All entries of a matrix as bf16 numbers, [rows, columns] or the other way round. */
    Tensor rounded(Matrix matrix, boolean transposed) {
        TorchMatrix own = (TorchMatrix) matrix;
        Tensor values = own.rounded()
                ? own.memory().rounded(own.offset(), own.size(), this)
                : rounded(view(matrix), own.rows(), own.columns());
        long[] sizes = {own.rows(), own.columns()};
        return transposed
                ? strided(values, new long[] {own.columns(), own.rows()}, new long[] {1, own.columns()})
                : strided(values, sizes, Tensor.rowMajor(sizes));
    }

    /** So many values of a flat tensor from one on. */
    Tensor part(Tensor flat, int first, int count) {
        return keep(Libtorch.view(flat, first, new long[] {count}, new long[] {1}));
    }

    /** A copy as bf16 numbers. */
    Tensor rounded(Tensor values, long... sizes) {
        Tensor copy = brainFloats(sizes);
        Libtorch.copy(copy, values);
        return copy;
    }

    /** Memory for bf16 numbers, holding anything. */
    Tensor brainFloats(long... sizes) {
        return keep(Libtorch.empty(device, Libtorch.BFLOAT16, sizes));
    }

    Tensor view(Tensor tensor, long... sizes) {
        return strided(tensor, sizes, Tensor.rowMajor(sizes));
    }

    Tensor strided(Tensor tensor, long[] sizes, long[] strides) {
        return strided(tensor, 0, sizes, strides);
    }

    Tensor strided(Tensor tensor, long first, long[] sizes, long[] strides) {
        return keep(Libtorch.view(tensor, first, sizes, strides));
    }

    /** Memory for floats, holding anything. */
    Tensor floats(long... sizes) {
        return keep(Libtorch.empty(device, Libtorch.FLOAT32, sizes));
    }

    /** Memory for a value per entry of a matrix. */
    Tensor like(Matrix matrix) {
        return floats(matrix.rows(), matrix.columns());
    }

    /** Memory for whole numbers, holding anything. */
    Tensor wholes(long... sizes) {
        return keep(Libtorch.empty(device, Libtorch.INT64, sizes));
    }

    Tensor number(float value) {
        return keep(Libtorch.number(value));
    }

    Tensor number(long value) {
        return keep(Libtorch.number(value));
    }

    /** One, for the operators that take no number. */
    Tensor one() {
        return view(ones(1, 1), 1);
    }

    /** Ones, which turn sums into products. */
    Tensor ones(int rows, int columns) {
        Workspaces.Constant ones = common.constant("ones", rows * columns, extent -> makeOnes(extent));
        return view(ones.tensor(), rows, columns);
    }

    private Tensor makeOnes(int count) {
        Tensor ones = Libtorch.empty(device, Libtorch.FLOAT32, count);
        Operators.fill(ones, 1f);
        return ones;
    }

    /** What is added to the scores of the keys that each of so many queries does not see, [length, length]. */
    Tensor unseen(Reach reach, int length) {
        Workspaces.Constant mask = common.constant(reach, length, extent -> ReachMask.of(reach, extent, device));
        return strided(mask.tensor(), new long[] {length, length}, new long[] {mask.extent(), 1});
    }

    /** A copy of some floats on the device. */
    Tensor upload(float[] values, long... sizes) {
        return keep(Tensor.upload(device, values, sizes));
    }

    /** A copy of some whole numbers on the device. */
    Tensor upload(long[] values, long... sizes) {
        return keep(Tensor.upload(device, values, sizes));
    }

    /** A copy of the first so many row numbers on the device. */
    Tensor places(int[] places, int count) {
        long[] wide = new long[count];
        for (int i = 0; i < count; i++) {
            wide[i] = places[i];
        }
        return upload(wide, count);
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
        tensors.clear();
    }
}
