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
 * @param embeddingNorm of the summed embeddings, where normalisations come after
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
     * @param attentionNorm after or before the attention
     * @param up first half of the feed-forward block; gate and input together where one gates the other
     * @param down second half
     * @param feedForwardNorm after or before the feed-forward block
     */
    public record Layer<T>(
            Linear<T> projections,
            Linear<T> output,
            Normalisation<T> attentionNorm,
            Linear<T> up,
            Linear<T> down,
            Normalisation<T> feedForwardNorm) {
        <R> Layer<R> map(Function<T, R> function) {
            return new Layer<>(
                    projections.map(function),
                    output.map(function),
                    attentionNorm.map(function),
                    up.map(function),
                    down.map(function),
                    feedForwardNorm.map(function));
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
     * @param shift [1, hidden]; none in a root mean square normalisation
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
                embeddingNorm == null ? null : embeddingNorm.map(function),
                layers.stream().map(layer -> layer.map(function)).toList(),
                finalNorm == null ? null : finalNorm.map(function),
                orNull(head, function),
                places == null ? null : places.map(function));
    }

    private static <T, R> @Nullable R orNull(@Nullable T part, Function<T, R> function) {
        return part == null ? null : function.apply(part);
    }
}
