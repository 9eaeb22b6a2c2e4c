package io.tessellate.engine.bench;

/** What a training step's time is spent on. */
public enum StepPart {
    /** Matrix products of the forward pass, Y = X W^T. */
    GEMM_FORWARD("gemm forward"),
    /** Matrix products that carry gradients down, dX = dY W. */
    GEMM_INPUT("gemm dX"),
    /** Matrix products that make weight gradients, dW = dY^T X, or only their owned entries. */
    GEMM_WEIGHT("gemm dW"),
    /** Attention with its own products, both ways. */
    ATTENTION("attention"),
    /** Biases, activations, normalisations and column sums. */
    ROWS("row kernels"),
    /** Looking rows up in tables and adding to them. */
    EMBEDDING("embedding"),
    /** Setting gradients to zero before a step. */
    CLEAR("clear gradients"),
    /** Reading the trained entries' gradients, clipping, the update rule, assigning the entries. */
    OPTIMIZER("optimiser and mask"),
    /** Pooling, head, and all that is none of the above. */
    OTHER("other");

    private final String label;

    StepPart(String label) {
        this.label = label;
    }

    /** The name it is printed under. */
    public String label() {
        return label;
    }
}
