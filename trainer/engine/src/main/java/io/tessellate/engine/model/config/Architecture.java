package io.tessellate.engine.model.config;

import io.tessellate.engine.backend.HeadShape;
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
 * @param vocabulary what is done to hidden vectors where tokens come in and go out
 */
public record Architecture(
        Normalisation normalisation,
        Positions positions,
        Attention attention,
        Activation activation,
        Biases biases,
        Storage storage,
        Output output,
        Vocabulary vocabulary) {

    /** The same with embeddings and logits as they are. */
    public Architecture(
            Normalisation normalisation,
            Positions positions,
            Attention attention,
            Activation activation,
            Biases biases,
            Storage storage,
            Output output) {
        this(normalisation, positions, attention, activation, biases, storage, output, Vocabulary.PLAIN);
    }

    /** Kind and place of the normalisations. */
    public enum Normalisation {
        /** Layer normalisation after each residual connection and of the embeddings (BERT). */
        LAYER_AFTER,
        /** Layer normalisation before attention and feed-forward block, and one at the end (GPT-2). */
        LAYER_BEFORE,
        /**
         * The same where attention and feed-forward block both read what enters the layer, and the stream gets the sum of
         * the two (GPT-NeoX).
         */
        LAYER_PARALLEL,
        /** The same and of the embeddings, which the first layer's attention therefore reads as they are (ModernBERT). */
        LAYER_EMBEDDED,
        /** The same without a shift. */
        GAIN_EMBEDDED,
        /** Root mean square normalisation at the places of {@link #LAYER_BEFORE} (Llama). */
        RMS_BEFORE,
        /**
         * The same, and besides of what attention and feed-forward block add to the stream; gains are kept as their
         * difference from 1 (Gemma 2).
         */
        RMS_AROUND;

        /** Whether they stand before what they feed, so that residual connections bypass them. */
        public boolean before() {
            return this != LAYER_AFTER;
        }

        /** Whether embeddings are normalised. */
        public boolean embedded() {
            return this == LAYER_AFTER || this == LAYER_EMBEDDED || this == GAIN_EMBEDDED;
        }

        /** Whether what a layer's attention reads is normalised in it, or what it adds behind it. */
        public boolean attention(int layer) {
            return layer > 0 || !before() || !embedded();
        }

        /** Whether what a block adds to the stream is normalised too. */
        public boolean around() {
            return this == RMS_AROUND;
        }

        /** Whether attention and feed-forward block read the same. */
        public boolean parallel() {
            return this == LAYER_PARALLEL;
        }

        /** Whether the mean is taken out. */
        public boolean centred() {
            return this != RMS_BEFORE && this != RMS_AROUND;
        }

        /** Whether they shift as well as scale. */
        public boolean shifts() {
            return centred() && this != GAIN_EMBEDDED;
        }

        /** What is added to gains as the file holds them. */
        public float gainOffset() {
            return this == RMS_AROUND ? 1 : 0;
        }
    }

    /**
     * The attention's heads.
     *
     * @param keyValueHeads heads of keys and values
     * @param width columns of one head
     * @param scale what scores are multiplied with
     * @param softCap what scaled scores are softly capped at; 0 for not at all
     * @param normed whether each head's query and key is normalised by its root mean square before it is turned
     * @param order how queries, keys and values lie side by side
     * @param causal whether a token sees only itself and earlier ones
     * @param windows for each layer, how far back a token sees, and unless attention is causal ahead, or 0 for any distance; empty if that holds for all
     */
    public record Attention(
            int keyValueHeads,
            int width,
            double scale,
            float softCap,
            boolean normed,
            HeadShape.Order order,
            boolean causal,
            List<Integer> windows) {
        /** Copies the list. */
        public Attention {
            windows = List.copyOf(windows);
        }

        /**
         * The plain kind: neither capped nor normalised, part by part.
         *
         * @param scaled whether scores are divided by the root of the width
         */
        public Attention(int keyValueHeads, int width, boolean scaled, boolean causal, List<Integer> windows) {
            this(
                    keyValueHeads,
                    width,
                    scaled ? 1 / Math.sqrt(width) : 1,
                    0,
                    false,
                    HeadShape.Order.BY_PART,
                    causal,
                    windows);
        }

        /** The same with queries and keys normalised. */
        public Attention withNorms() {
            return new Attention(keyValueHeads, width, scale, softCap, true, order, causal, windows);
        }

        /** The same with scores that are scaled and capped otherwise. */
        public Attention withScores(double otherScale, float otherCap) {
            return new Attention(keyValueHeads, width, otherScale, otherCap, normed, order, causal, windows);
        }

        /** The same in another order. */
        public Attention in(HeadShape.Order other) {
            return new Attention(keyValueHeads, width, scale, softCap, normed, other, causal, windows);
        }

        /** Whether the tokens of one layer see a part of their sequence only. */
        public boolean windowed(int layer) {
            return !windows.isEmpty() && windows.get(layer) > 0;
        }

        /** What the tokens of one layer see. */
        public Reach reach(int layer) {
            if (!causal) {
                return windowed(layer) ? Reach.around(windows.get(layer)) : Reach.ALL;
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
        /** [outputs, inputs], each by itself. */
        LINEAR,
        /** [outputs, inputs], query, key and value as rows of one, and the two halves of a gated block of another. */
        FUSED,
        /** [inputs, outputs], query, key and value side by side in one (GPT-2's Conv1D). */
        CONV1D;

        /** Whether rows are inputs instead of outputs. */
        public boolean transposed() {
            return this == CONV1D;
        }

        /** Whether what reads the same input is one tensor. */
        public boolean fused() {
            return this != LINEAR;
        }
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

    /**
     * What is done to hidden vectors where tokens come in and go out.
     *
     * @param embeddingScale what a word's embedding is multiplied with
     * @param logitCap what logits are softly capped at, c tanh(x / c); 0 for not at all
     */
    public record Vocabulary(float embeddingScale, float logitCap) {
        /** Nothing. */
        public static final Vocabulary PLAIN = new Vocabulary(1, 0);
    }

    /** What the sum of all terms of a raw score is multiplied with. */
    public double scoreScale() {
        return attention.scale() / Math.sqrt(positions.scoreTerms());
    }

    /** The same with a matrix of its own that predicts tokens. */
    Architecture withOwnHead() {
        return new Architecture(
                normalisation, positions, attention, activation, biases, storage, Output.OWN, vocabulary);
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
