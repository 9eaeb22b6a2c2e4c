package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What the highest layer works on beside its own activations where it is computed for {@link ReadRows some tokens} only.
 *
 * @param stream what leaves the layers below, [read, hidden]: where normalisations come before, the highest adds to it
 * @param sum scratch, [read, hidden]; gradients of a branch in a backward pass
 * @param gradients in training only
 */
record ReadActivations(Matrix stream, Matrix sum, @Nullable Upper gradients) {
    /**
     * Gradients above attention.
     *
     * @param hidden [read, hidden]
     * @param context [read, heads x width]
     * @param activated [read, intermediate]
     * @param inner before the activation; the same matrix unless one half gates the other
     */
    record Upper(Matrix hidden, Matrix context, Matrix activated, Matrix inner) {}
}
