package io.tessellate.engine.backend;

/** What is done to the rows of a matrix one by one: sums with biases and residuals, table look-ups, the loss. */
public interface RowKernels {
    /** x += bias, for every row. */
    void addBias(Matrix x, Matrix bias);

    /** x += y. */
    void add(Matrix x, Matrix y);

    /** x *= factor. */
    void scale(Matrix x, float factor);

    /** x += bias + residual. */
    void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual);

    /** sums += the column sums of x. */
    void addColumnSums(Matrix x, Matrix sums);

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
