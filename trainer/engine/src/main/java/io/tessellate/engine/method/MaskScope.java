package io.tessellate.engine.method;

/** Among what weights are ranked. */
public enum MaskScope {
    /** All tensors together. */
    GLOBAL,
    /** Each tensor by itself, which gives the same share. */
    TENSOR
}
