package io.tessellate.engine.model.weights;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something for each part of a transformer: its weights, their gradients, or whether they are trained.
 *
 * @param words [vocabulary, hidden]
 * @param positions [positions, hidden], if they are learned
 * @param types [token types, hidden], if there are any
 * @param embeddingNorm of the summed embeddings, if there is one
 * @param layers from the lowest to the highest
 * @param finalNorm after the last layer, where normalisations come before
 * @param head [vocabulary, hidden], if tokens are predicted by a matrix of its own
 * @param places relative places, if attention is disentangled
 * @param <T> what there is for each part
 */
public record TransformerParts<T>(
        T words,
        @Nullable T positions,
        @Nullable T types,
        @Nullable Normalisation<T> embeddingNorm,
        List<Layer<T>> layers,
        @Nullable Normalisation<T> finalNorm,
        @Nullable T head,
        @Nullable Places<T> places) {

    /**
     * One layer.
     *
     * @param projections query, key and value together
     * @param output of the attention
     * @param norms of the layer
     * @param up first half of the feed-forward block; gate and input together where one gates the other
     * @param down second half
     */
    public record Layer<T>(Linear<T> projections, Linear<T> output, LayerNorms<T> norms, Linear<T> up, Linear<T> down) {
        /** The normalisation after or before the attention, if there is one. */
        public @Nullable Normalisation<T> attentionNorm() {
            return norms.attention();
        }

        /** The normalisation after or before the feed-forward block. */
        public Normalisation<T> feedForwardNorm() {
            return norms.feedForward();
        }

        <R> Layer<R> map(Function<T, R> function) {
            return new Layer<>(
                    projections.map(function),
                    output.map(function),
                    norms.map(function),
                    up.map(function),
                    down.map(function));
        }
    }

    /**
     * The normalisations of a layer.
     *
     * @param query of each head's query, [1, width of a head], if there is one
     * @param key of each head's key, likewise
     * @param attention after or before the attention, if there is one
     * @param attentionResult of what the attention adds to the stream, if there is one
     * @param feedForward after or before the feed-forward block
     * @param feedForwardResult of what the feed-forward block adds to the stream, if there is one
     */
    public record LayerNorms<T>(
            @Nullable Normalisation<T> query,
            @Nullable Normalisation<T> key,
            @Nullable Normalisation<T> attention,
            @Nullable Normalisation<T> attentionResult,
            Normalisation<T> feedForward,
            @Nullable Normalisation<T> feedForwardResult) {
        <R> LayerNorms<R> map(Function<T, R> function) {
            return new LayerNorms<>(
                    mapped(query, function),
                    mapped(key, function),
                    mapped(attention, function),
                    mapped(attentionResult, function),
                    feedForward.map(function),
                    mapped(feedForwardResult, function));
        }
    }

    /**
     * A linear layer.
     *
     * @param weight [outputs, inputs] or [inputs, outputs], as the file holds it
     * @param bias [1, outputs], if it has one
     */
    public record Linear<T>(T weight, @Nullable T bias) {
        <R> Linear<R> map(Function<T, R> function) {
            return new Linear<>(function.apply(weight), orNull(bias, function));
        }
    }

    /**
     * A normalisation.
     *
     * @param gain [1, hidden]
     * @param shift [1, hidden], if it has one
     */
    public record Normalisation<T>(T gain, @Nullable T shift) {
        <R> Normalisation<R> map(Function<T, R> function) {
            return new Normalisation<>(function.apply(gain), orNull(shift, function));
        }
    }

    /**
     * Places relative to a token.
     *
     * @param table [places, hidden]
     * @param norm of its rows
     */
    public record Places<T>(T table, Normalisation<T> norm) {
        <R> Places<R> map(Function<T, R> function) {
            return new Places<>(function.apply(table), norm.map(function));
        }
    }

    /** The same parts of something made from each of these. */
    public <R> TransformerParts<R> map(Function<T, R> function) {
        return new TransformerParts<>(
                function.apply(words),
                orNull(positions, function),
                orNull(types, function),
                mapped(embeddingNorm, function),
                layers.stream().map(layer -> layer.map(function)).toList(),
                mapped(finalNorm, function),
                orNull(head, function),
                places == null ? null : places.map(function));
    }

    private static <T, R> @Nullable Normalisation<R> mapped(@Nullable Normalisation<T> norm, Function<T, R> function) {
        return norm == null ? null : norm.map(function);
    }

    private static <T, R> @Nullable R orNull(@Nullable T part, Function<T, R> function) {
        return part == null ? null : function.apply(part);
    }
}
