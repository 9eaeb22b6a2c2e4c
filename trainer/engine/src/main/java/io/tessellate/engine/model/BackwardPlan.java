package io.tessellate.engine.model;

import static io.tessellate.engine.model.EncoderTensors.EMBEDDING_TENSORS;
import static io.tessellate.engine.model.EncoderTensors.LAYER_TENSORS;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which gradients a backward pass needs, and how far down it must go.
 *
 * @param embeddings whether an embedding table is trained
 * @param embeddingNorm whether the normalisation after them is
 * @param layers from the lowest to the highest
 */
record BackwardPlan(boolean embeddings, boolean embeddingNorm, List<Layer> layers) {
    /**
     * What one layer needs. Query, key and value are one product and therefore computed together.
     *
     * @param below whether anything below this layer is trained
     */
    record Layer(
            boolean projections,
            boolean projectionBias,
            boolean output,
            boolean outputBias,
            boolean attentionNorm,
            boolean up,
            boolean upBias,
            boolean down,
            boolean downBias,
            boolean norm,
            boolean below) {

        /** Whether the gradient must reach the raw attention scores. */
        boolean belowContext() {
            return projections || projectionBias || below;
        }

        /** Whether the gradient must reach the attention's output. */
        boolean belowAttentionNorm() {
            return output || outputBias || belowContext();
        }

        /** Whether the gradient must reach the feed-forward block's input. */
        boolean belowUp() {
            return attentionNorm || belowAttentionNorm();
        }

        /** Whether the gradient must reach the inside of the feed-forward block. */
        boolean belowDown() {
            return up || upBias || belowUp();
        }

        /** Whether the layer needs a gradient at all. */
        boolean any() {
            return norm || down || downBias || belowDown();
        }
    }

    static BackwardPlan of(TrainableTensors trainable) {
        int count = (trainable.layout().tensors().size() - EMBEDDING_TENSORS) / LAYER_TENSORS;
        return new BackwardPlan(
                trainable.any(0, 3),
                trainable.any(3, EMBEDDING_TENSORS),
                IntStream.range(0, count)
                        .mapToObj(l -> layer(trainable, EMBEDDING_TENSORS + l * LAYER_TENSORS))
                        .toList());
    }

    private static Layer layer(TrainableTensors trainable, int first) {
        return new Layer(
                trainable.any(first, first + 3),
                trainable.any(first + 3, first + 6),
                trainable.any(first + 6, first + 7),
                trainable.any(first + 7, first + 8),
                trainable.any(first + 8, first + 10),
                trainable.any(first + 10, first + 11),
                trainable.any(first + 11, first + 12),
                trainable.any(first + 12, first + 13),
                trainable.any(first + 13, first + 14),
                trainable.any(first + 14, first + 16),
                trainable.any(0, first));
    }

    /** Whether the gradient must reach the summed embeddings. */
    boolean belowLayers() {
        return embeddings || embeddingNorm;
    }
}
