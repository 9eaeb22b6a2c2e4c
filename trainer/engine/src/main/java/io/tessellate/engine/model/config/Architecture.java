package io.tessellate.engine.model.config;

import io.tessellate.engine.backend.Reach;
import java.util.List;

/**
 * What distinguishes one family of transformers from another. All of them are embeddings, layers of attention and a
 * feed-forward block with residual connections, and perhaps a head that predicts tokens.
 *
 * @param normalisation kind and place of the normalisations
 * @param positions how a token knows where it stands
 * @param attention its heads and what they see
 * @param activation inside the feed-forward block
 * @param biases which linear layers have one
 * @param storage how the weight file holds linear layers
 * @param output the head that predicts tokens
 */
public record Architecture(
        Normalisation normalisation,
        Positions positions,
        Attention attention,
        Activation activation,
        Biases biases,
        Storage storage,
        Output output) {

    /** Kind and place of the normalisations. */
    public enum Normalisation {
        /** Layer normalisation after each residual connection and of the embeddings (BERT). */
        LAYER_AFTER,
        /** Layer normalisation before attention and feed-forward block, and one at the end (GPT-2). */
        LAYER_BEFORE,
        /** Root mean square normalisation at the places of {@link #LAYER_BEFORE} (Llama). */
        RMS_BEFORE;

        /** Whether they stand before what they feed, so that residual connections bypass them. */
        public boolean before() {
            return this != LAYER_AFTER;
        }

        /** Whether they shift as well as scale. */
        public boolean shifts() {
            return this != RMS_BEFORE;
        }
    }

    /**
     * The attention's heads.
     *
     * @param keyValueHeads heads of keys and values
     * @param width columns of one head
     * @param scaled whether scores are divided by the root of the width
     * @param causal whether a token sees only itself and earlier ones
     * @param windows for each layer, how far back a token sees, or 0 for any distance; empty if that holds for all
     */
    public record Attention(int keyValueHeads, int width, boolean scaled, boolean causal, List<Integer> windows) {
        /** Copies the list. */
        public Attention {
            windows = List.copyOf(windows);
        }

        /** What the tokens of one layer see. */
        public Reach reach(int layer) {
            if (!causal) {
                return Reach.ALL;
            }
            return windows.isEmpty() ? Reach.CAUSAL : Reach.window(windows.get(layer));
        }
    }

    /**
     * Which linear layers add a bias.
     *
     * @param projections query, key and value
     * @param output of the attention
     * @param feedForward both or all three of the feed-forward block
     */
    public record Biases(boolean projections, boolean output, boolean feedForward) {
        /** Everywhere. */
        public static final Biases ALL = new Biases(true, true, true);
        /** Nowhere. */
        public static final Biases NONE = new Biases(false, false, false);
    }

    /** How the weight file holds linear layers. */
    public enum Storage {
        /** [outputs, inputs], query, key and value each by itself. */
        LINEAR,
        /** [inputs, outputs], query, key and value side by side in one (GPT-2's Conv1D). */
        CONV1D
    }

    /** The head that predicts tokens. */
    public enum Output {
        /** There is none: an encoder. */
        NONE,
        /** The word embeddings. */
        TIED,
        /** A matrix of its own. */
        OWN
    }

    /** The same with a matrix of its own that predicts tokens. */
    Architecture withOwnHead() {
        return new Architecture(normalisation, positions, attention, activation, biases, storage, Output.OWN);
    }

    /** BERT's: bidirectional, learned positions, exact GELU, biases everywhere. */
    public static Architecture bert(int heads, int width, int positionOffset) {
        return new Architecture(
                Normalisation.LAYER_AFTER,
                new Positions.Learned(positionOffset),
                new Attention(heads, width, true, false, List.of()),
                Activation.GELU,
                Biases.ALL,
                Storage.LINEAR,
                Output.NONE);
    }
}
