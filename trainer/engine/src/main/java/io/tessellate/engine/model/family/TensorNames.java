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
     * @param attentionNorm after or before it
     * @param up one, or gate and input
     * @param down second half of the feed-forward block
     * @param feedForwardNorm after or before it
     */
    public record Block(
            String prefix,
            List<String> projections,
            String output,
            String attentionNorm,
            List<String> up,
            String down,
            String feedForwardNorm) {}

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
