package io.tessellate.engine.model.pass;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.Slot;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.TransformerParts;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which gradients a backward pass needs, and how far down it must go.
 *
 * @param wanted for each part whether it is trained
 * @param layers from the lowest to the highest
 */
record BackwardPlan(TransformerParts<Boolean> wanted, List<Layer> layers) {
    /**
     * How far down the gradient must come in one layer. Query, key and value are one product and therefore computed
     * together.
     *
     * @param any whether the layer needs a gradient at all
     * @param inner whether it must reach the inside of the feed-forward block
     * @param attended whether it must reach the feed-forward block's input
     * @param output whether it must reach the attention's output
     * @param context whether it must reach the raw attention scores
     * @param input whether it must reach what the projections read
     * @param below whether anything below this layer is trained
     */
    record Layer(
            boolean any,
            boolean inner,
            boolean attended,
            boolean output,
            boolean context,
            boolean input,
            boolean below) {}

    static BackwardPlan of(ModelConfig config, TrainableTensors trainable) {
        TransformerParts<Boolean> wanted = Slot.of(config, trainable.layout()).map(slot -> slot.trained(trainable));
        boolean before = config.architecture().normalisation().before();
        List<Layer> layers = new ArrayList<>();
        boolean below = embeddings(wanted) || any(wanted.embeddingNorm());
        for (TransformerParts.Layer<Boolean> layer : wanted.layers()) {
            Layer reach = layer(layer, before, below, places(wanted));
            layers.add(reach);
            below = reach.any();
        }
        return new BackwardPlan(wanted, layers);
    }

    private static Layer layer(TransformerParts.Layer<Boolean> wanted, boolean before, boolean below, boolean places) {
        boolean normBelowAttention = before && any(wanted.attentionNorm());
        boolean normAboveAttention = !before && any(wanted.attentionNorm());
        boolean normBelowFeedForward = before && any(wanted.feedForwardNorm());
        boolean normAboveFeedForward = !before && any(wanted.feedForwardNorm());
        boolean input = normBelowAttention || below;
        boolean context = any(wanted.projections()) || input || places;
        boolean output = any(wanted.output()) || context;
        boolean attended = normBelowFeedForward || normAboveAttention || output;
        boolean inner = any(wanted.up()) || attended;
        boolean any = normAboveFeedForward || any(wanted.down()) || inner;
        return new Layer(any, inner, attended, output, context, input, below);
    }

    private static boolean embeddings(TransformerParts<Boolean> wanted) {
        return wanted.words() || is(wanted.positions()) || is(wanted.types());
    }

    private static boolean any(@Nullable Normalisation<Boolean> norm) {
        return norm != null && (norm.gain() || is(norm.shift()));
    }

    private static boolean any(Linear<Boolean> linear) {
        return linear.weight() || is(linear.bias());
    }

    private static boolean is(@Nullable Boolean part) {
        return part != null && part;
    }

    private static boolean places(TransformerParts<Boolean> wanted) {
        return wanted.places() != null
                && (wanted.places().table() || any(wanted.places().norm()));
    }

    /** Whether the gradient must reach the vectors of relative places, which every layer reads. */
    boolean places() {
        return places(wanted);
    }

    /** Whether an embedding table is trained. */
    boolean embeddings() {
        return embeddings(wanted);
    }

    /** Whether the gradient must reach the summed embeddings, or the normalisation after them. */
    boolean belowLayers() {
        return embeddings() || any(wanted.embeddingNorm());
    }

    /** The norm where its gain or shift is wanted, else nothing. */
    static <T> @Nullable Normalisation<T> wanted(
            @Nullable Normalisation<T> part, @Nullable Normalisation<Boolean> wanted) {
        return any(wanted) ? part : null;
    }
}
