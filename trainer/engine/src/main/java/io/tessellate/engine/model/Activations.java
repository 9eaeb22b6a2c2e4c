package io.tessellate.engine.model;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All memory of one pass over batches of one shape.
 *
 * @param shape of the batches it is for
 * @param embedded the normalised embeddings, input of the lowest layer
 * @param embeddedState for their backward pass, in training only
 * @param layers from the lowest to the highest
 * @param sum scratch for what is about to be normalised, [tokens, hidden]
 * @param gradients in training only
 */
record Activations(
        PassShape shape,
        Matrix embedded,
        @Nullable NormState embeddedState,
        List<LayerActivations> layers,
        Matrix sum,
        @Nullable GradientBuffers gradients) {

    /** The last hidden vectors, [tokens, hidden]. */
    Matrix output() {
        return layers.get(layers.size() - 1).output();
    }

    /** A part that only the memory of a training pass has. */
    static <T> T training(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("a backward pass needs the memory of a training pass");
        }
        return part;
    }
}
