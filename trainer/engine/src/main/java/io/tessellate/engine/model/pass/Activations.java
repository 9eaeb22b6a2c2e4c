package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All memory of one pass over batches of one shape.
 *
 * @param embedded the embeddings: input of the lowest layer, or, where normalisations come before, the stream that all
 *     layers add to
 * @param embeddedState of the embeddings' normalisation, for its backward pass, in training only
 * @param edgeState of the last normalisation, likewise
 * @param layers from the lowest to the highest
 * @param sum scratch, [tokens, hidden]: what is about to be normalised; gradients of a branch in a backward pass
 * @param output the last hidden vectors, [tokens, hidden], or of those that are read
 * @param rotations angles of the tokens, where positions are rotary: one for each way of turning
 * @param gradients in training only
 * @param places vectors of relative places, where attention is disentangled
 * @param read what the highest layer works on, where it is computed for some tokens only
 * @param recomputed whether the layers share their memory, so that a layer's is to be computed again for its backward pass
 * @param streams where one stream goes through layers that are computed again, what it was before each but the highest
 */
record Activations(
        Matrix embedded,
        @Nullable NormState embeddedState,
        @Nullable NormState edgeState,
        List<LayerActivations> layers,
        Matrix sum,
        Matrix output,
        List<Rotation> rotations,
        @Nullable GradientBuffers gradients,
        @Nullable PlaceActivations places,
        @Nullable ReadActivations read,
        boolean recomputed,
        List<Matrix> streams) {

    /** Memory of a pass whose layers are not computed again. */
    Activations(
            Matrix embedded,
            @Nullable NormState embeddedState,
            @Nullable NormState edgeState,
            List<LayerActivations> layers,
            Matrix sum,
            Matrix output,
            List<Rotation> rotations,
            @Nullable GradientBuffers gradients,
            @Nullable PlaceActivations places,
            @Nullable ReadActivations read) {
        this(
                embedded,
                embeddedState,
                edgeState,
                layers,
                sum,
                output,
                rotations,
                gradients,
                places,
                read,
                false,
                List.of());
    }

    /** Where the gradient of the last hidden vectors goes. */
    Matrix outputGradient() {
        return read == null
                ? training(gradients).hidden()
                : training(read.gradients()).hidden();
    }

    /** A part that only the memory of a training pass has. */
    static <T> T training(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("a backward pass needs the memory of a training pass");
        }
        return part;
    }

    /** A part that the memory of models of this architecture has. */
    static <T> T present(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the memory is that of another architecture");
        }
        return part;
    }

    /** How one layer turns its queries and keys, if it does. */
    @Nullable
    Rotation rotation(ModelConfig config, int layer) {
        if (rotations.isEmpty()) {
            return null;
        }
        boolean windowed = config.architecture().attention().windowed(layer);
        return rotations.get(windowed ? rotations.size() - 1 : 0);
    }
}
