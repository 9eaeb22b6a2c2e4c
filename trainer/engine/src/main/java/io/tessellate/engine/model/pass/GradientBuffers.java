package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Where a backward pass keeps the gradients on their way down; shared by all layers.
 *
 * @param hidden [tokens, hidden]
 * @param projections [tokens, (heads + 2 key and value heads) x width]
 * @param attention gradients of what an attention block computes on padded sequences
 * @param context [tokens, heads x width]
 * @param activated [tokens, intermediate]
 * @param inner before the activation; the same matrix unless one half gates the other
 * @param places gradients of what relative places are, where attention is disentangled
 */
record GradientBuffers(
        Matrix hidden,
        Matrix projections,
        Attention attention,
        Matrix context,
        Matrix activated,
        Matrix inner,
        @Nullable PlaceGradients places) {
    /** Those behind attention. */
    ReadActivations.Upper upper() {
        return new ReadActivations.Upper(hidden, context, activated, inner);
    }

    /**
     * Gradients of relative places.
     *
     * @param hidden of the normalised vectors of places, the sum over all layers, [places, hidden]
     * @param attention of what attention computes, with those of the places' queries and keys
     */
    record PlaceGradients(Matrix hidden, Attention.Disentangled attention) {
        /** Takes their memory beside that of what attention computes. */
        static PlaceGradients of(PlaceActivations places, Attention attention, PlaceActivations.Memory memory) {
            Matrix sums = memory.take(places.table().length, places.normalised().columns());
            Matrix projections =
                    memory.take(places.table().length, places.projections().columns());
            return new PlaceGradients(sums, new Attention.Disentangled(attention, projections, places.distances()));
        }
    }
}
