package io.tessellate.engine.recipe;

/** What a training on trial moves, by which a mask is found; afterwards everything is put back. */
public enum CalibrationScope {
    /** The weights that the mask may be chosen from. */
    ELIGIBLE,
    /** Every weight of the model, embeddings and norms included, but those that earlier tasks own and keep. */
    ALL
}
