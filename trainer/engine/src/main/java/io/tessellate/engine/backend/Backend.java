package io.tessellate.engine.backend;

import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of a transformer. All operations write into memory the caller allocated, are deterministic, and may be
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

    /**
     * A new vector of zeros that keeps only the floats at some places: the rest reads as 0 and what is written there is
     * dropped. Of all operations only products of the form A^T B may go into matrices over it; they may compute just what is
     * kept. To be closed by the caller.
     *
     * @param size how many floats it stands for
     * @param places what is kept, ascending; not copied, and must not change
     */
    FloatVector allocateOnly(int size, int[] places);

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

    /** x += y. */
    void add(Matrix x, Matrix y);

    /** x += bias + residual. */
    void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual);

    /** sums += the column sums of x. */
    void addColumnSums(Matrix x, Matrix sums);

    /** x += bias, then y = x Phi(x), the exact GELU. {@code y} may be {@code x}. */
    void biasGelu(Matrix x, Matrix bias, Matrix y);

    /** gradient *= the derivative of GELU at x. */
    void geluBackward(Matrix x, Matrix gradient);

    /** y = x Phi(x) with the normal distribution function approximated by a tanh ("gelu_new"). {@code y} may be {@code x}. */
    void tanhGelu(Matrix x, Matrix y);

    /** gradient *= the derivative of {@link #tanhGelu} at x. */
    void tanhGeluBackward(Matrix x, Matrix gradient);

    /** y = max(x, 0). {@code y} may be {@code x}. */
    void relu(Matrix x, Matrix y);

    /** gradient *= 1 where x is positive, else 0. */
    void reluBackward(Matrix x, Matrix gradient);

    /**
     * y = g sigmoid(g) u, where g is the left and u the right half of x (SwiGLU, Shazeer 2020).
     *
     * @param x [rows, 2 columns]
     * @param y [rows, columns]
     */
    void siluGate(Matrix x, Matrix y);

    /**
     * Backward of {@link #siluGate}.
     *
     * @param x what it was given
     * @param gradient dL/dy
     * @param inputGradient becomes dL/dx
     */
    void siluGateBackward(Matrix x, Matrix gradient, Matrix inputGradient);

    /** y = layer normalisation of x; keeps what the backward pass needs unless {@code state} is null. */
    void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y);

    /**
     * Backward of {@link #norm}: replaces {@code gradient}, dL/dy, by dL/dx, and adds dL/dgain and dL/dshift to
     * {@code parameters} unless that is null.
     */
    void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters);

    /**
     * y = gain x / sqrt(mean(x^2) + epsilon) (RMSNorm, Zhang and Sennrich 2019); keeps what the backward pass needs unless
     * {@code state} is null.
     */
    void rmsNorm(Matrix x, Matrix gain, float epsilon, @Nullable NormState state, Matrix y);

    /**
     * Backward of {@link #rmsNorm}: replaces {@code gradient}, dL/dy, by dL/dx, and adds dL/dgain to {@code gainSums}
     * unless that is null.
     */
    void rmsNormBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Matrix gainSums);

    /** Turns the leading heads of every row by its angles, or back by them. */
    void rotate(Matrix x, Rotation rotation, boolean back);

    /**
     * Per head: scores = softmax(scale Q K^T), context = scores V. A query sees the keys in its reach; of sequence b only
     * the first {@code lengths[b]} tokens count; what padding gets as context is finite.
     */
    void attend(Attention attention, int[] lengths);

    /**
     * Backward of {@link #attend}: from the gradient of the context, which must be 0 for padding, to that of the
     * projections, which is 0 for padding.
     */
    void attendBackward(Attention attention, int[] lengths, Attention gradients);

    /** Keeps the keys and values of {@code projections[rows[i]]} as row {@code slots[i]}. */
    void keep(Matrix projections, int[] rows, KeyValues past, int[] slots);

    /**
     * Attention of one new token per sequence, whose own key and value are kept already.
     *
     * @param projections queries, keys and values of the new tokens, [batch, (heads + 2 keyValueHeads) x width]
     * @param past all tokens kept
     * @param lengths tokens of each sequence, the new one included
     * @param context [batch, heads x width]
     */
    void attendNext(Matrix projections, KeyValues past, int[] lengths, Matrix context);

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
