package io.tessellate.engine.model.family;

import java.util.List;
import java.util.Locale;

/**
 * How a weight file calls its tensors. Names of linear layers and normalisations are given without their last part.
 *
 * @param embeddings the tables at the bottom
 * @param block the parts of a layer
 * @param end the parts above the layers
 * @param gain last part of a normalisation's gain
 * @param shift last part of a normalisation's shift
 * @param unused tensors that may be there and are not needed
 */
public record TensorNames(
        Embeddings embeddings, Block block, End end, String gain, String shift, UnusedTensors unused) {
    /**
     * The tables at the bottom; empty names where a family has none.
     *
     * @param words of the words' table
     * @param positions of the positions' table
     * @param types of the token types' table
     * @param norm of the normalisation
     * @param placeNorm of that of relative places, whose table is that of positions
     */
    public record Embeddings(String words, String positions, String types, String norm, String placeNorm) {
        /** Without relative places. */
        public Embeddings(String words, String positions, String types, String norm) {
            this(words, positions, types, norm, "");
        }
    }

    /**
     * The parts of a layer.
     *
     * @param prefix with {@code %d} for the layer's number
     * @param projections query, key and value, or one for all
     * @param output of the attention
     * @param up one, or gate and input
     * @param down second half of the feed-forward block
     * @param norms of the layer
     */
    public record Block(
            String prefix, List<String> projections, String output, List<String> up, String down, Norms norms) {
        /** A layer of two normalisations. */
        public Block(
                String prefix,
                List<String> projections,
                String output,
                String attentionNorm,
                List<String> up,
                String down,
                String feedForwardNorm) {
            this(prefix, projections, output, up, down, Norms.two(attentionNorm, feedForwardNorm));
        }
    }

    /**
     * The normalisations of a layer; empty names where a family has none.
     *
     * @param query of each head's query
     * @param key of each head's key
     * @param attention after or before it
     * @param attentionResult of what it adds to the stream
     * @param feedForward after or before the feed-forward block
     * @param feedForwardResult of what that adds to the stream
     */
    public record Norms(
            String query,
            String key,
            String attention,
            String attentionResult,
            String feedForward,
            String feedForwardResult) {
        static Norms two(String attention, String feedForward) {
            return new Norms("", "", attention, "", feedForward, "");
        }

        Norms withHeads(String otherQuery, String otherKey) {
            return new Norms(otherQuery, otherKey, attention, attentionResult, feedForward, feedForwardResult);
        }
    }

    /**
     * The parts above the layers; empty names where a family has none.
     *
     * @param norm of the last normalisation
     * @param head of the matrix that predicts tokens
     */
    public record End(String norm, String head) {
        static final End NONE = new End("", "");
    }

    /** One part of one layer. */
    public String layer(int layer, String part) {
        return String.format(Locale.ROOT, block.prefix(), layer) + part;
    }
}
