package io.tessellate.engine.model.pass;

/** What a training pass keeps of its layers until the backward pass reads it. */
public enum KeptActivations {
    /** Everything that a layer computed. */
    ALL,
    /**
     * The input of every layer (Chen et al. 2016, <a href="https://arxiv.org/abs/1604.06174">1604.06174</a>): the rest is
     * computed again, layer by layer, before the backward pass reads it. Memory of one layer instead of all, for about a
     * third more time; the same gradients, bit for bit, for what is dropped is a function of the step.
     */
    LAYER_INPUTS
}
