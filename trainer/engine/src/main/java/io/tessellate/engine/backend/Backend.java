package io.tessellate.engine.backend;

import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of an encoder. All operations write into memory the caller allocated, are deterministic, and may be
 * called from several threads as long as no two calls touch the same memory. Matrices and vectors belong to the backend
 * that made them.
 */
public interface Backend {
    /** The name it is chosen by, for example {@code host}. */
    String name();

    /** What runs underneath, in one line for logs. */
    String description();

    /** A new vector of zeros, to be closed by the caller. */
    FloatVector allocate(int size);

    /** Bytes of all vectors allocated here and not yet closed. */
    long allocatedBytes();

    /** A matrix over the entries of {@code memory} from {@code offset} on. */
    Matrix matrix(FloatVector memory, int offset, int rows, int columns);

    /** The matrices of an attention block together; their shapes must fit. */
    Attention attention(HeadShape shape, Matrix projections, Matrix scores, Matrix context);

    /** Matrix product of the given form into {@code c}. */
    void multiply(Product product, Matrix a, Matrix b, Matrix c);

    /** x += bias, for every row. */
    void addBias(Matrix x, Matrix bias);

    /** x += bias + residual. */
    void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual);

    /** sums += the column sums of x. */
    void addColumnSums(Matrix x, Matrix sums);

    /** x += bias, then y = x Phi(x), the exact GELU. {@code y} may be {@code x}. */
    void biasGelu(Matrix x, Matrix bias, Matrix y);

    /** gradient *= the derivative of GELU at x. */
    void geluBackward(Matrix x, Matrix gradient);

    /** y = layer normalisation of x; keeps what the backward pass needs unless {@code state} is null. */
    void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y);

    /**
     * Backward of {@link #norm}: replaces {@code gradient}, dL/dy, by dL/dx, and adds dL/dgain and dL/dshift to
     * {@code parameters} unless that is null.
     */
    void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters);

    /**
     * Per head: scores = softmax(Q K^T / sqrt(width)), context = scores V. Of sequence b only the first {@code lengths[b]}
     * keys take part; what padding gets as context is finite.
     */
    void attend(Attention attention, int[] lengths);

    /**
     * Backward of {@link #attend}: from the gradient of the context, which must be 0 for padding, to that of the
     * projections, which is 0 for padding.
     */
    void attendBackward(Attention attention, int[] lengths, Attention gradients);

    /** rows[i] = table[ids[i]], or added to what is there. */
    void gatherRows(Matrix table, int[] ids, Matrix rows, boolean add);

    /** table[ids[i]] += rows[i]; ids may repeat. */
    void scatterAddRows(Matrix rows, int[] ids, Matrix table);

    /**
     * Softmax cross entropy of each row of {@code logits} against its target class, summed over the rows; the logits are
     * replaced by the gradient of {@code scale} times that sum.
     */
    double crossEntropy(Matrix logits, int[] targets, float scale);
}
