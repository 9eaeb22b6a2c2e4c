package io.tessellate.engine.model.pass;

import io.tessellate.engine.model.config.Architecture;
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
        Architecture.Normalisation place = config.architecture().normalisation();
        List<Layer> layers = new ArrayList<>();
        boolean below = embeddings(wanted) || any(wanted.embeddingNorm());
        for (TransformerParts.Layer<Boolean> layer : wanted.layers()) {
            Layer reach = layer(layer, place, below, places(wanted));
            layers.add(reach);
            below = reach.any();
        }
        return new BackwardPlan(wanted, layers);
    }

    private static Layer layer(
            TransformerParts.Layer<Boolean> wanted, Architecture.Normalisation place, boolean below, boolean places) {
        TransformerParts.LayerNorms<Boolean> norms = wanted.norms();
        boolean attentionNorm = any(norms.attention());
        boolean feedForwardNorm = any(norms.feedForward());
        boolean before = place.before();
        boolean input = before && attentionNorm || below;
        boolean context = any(wanted.projections()) || any(norms.query()) || any(norms.key()) || input || places;
        boolean output = any(wanted.output()) || any(norms.attentionResult()) || context;
        // What the attention adds is behind the feed-forward block only where that reads the sum.
        boolean attended = place.parallel()
                ? feedForwardNorm || below
                : before && feedForwardNorm || !before && attentionNorm || output;
        boolean inner = any(wanted.up()) || attended;
        boolean any =
                !before && feedForwardNorm || any(norms.feedForwardResult()) || any(wanted.down()) || inner || output;
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
