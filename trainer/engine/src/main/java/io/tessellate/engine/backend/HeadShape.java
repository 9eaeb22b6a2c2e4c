package io.tessellate.engine.backend;

import java.util.List;

/**
 * Shape of multi-head attention over padded sequences. With fewer key and value heads than query heads (grouped-query
 * attention, Ainslie et al. 2023), neighbouring query heads share one.
 *
 * @param batch number of sequences
 * @param length padded length of each sequence
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param width columns of one head
 * @param reach which keys a query sees
 * @param scale what the raw scores are multiplied with
 * @param softCap what scaled scores are softly capped at, c tanh(s / c), before they are masked; 0 for not at all
 * @param order how queries, keys and values lie side by side
 * @param asked which queries' contexts are wanted
 */
public record HeadShape(
        int batch,
        int length,
        int heads,
        int keyValueHeads,
        int width,
        Reach reach,
        float scale,
        float softCap,
        Order order,
        Asked asked) {

    /**
     * Which tokens of a sequence ask. What the others get as context is not specified, and the gradient of it must be 0; their
     * keys and values count as ever.
     */
    public enum Asked {
        /** All of them. */
        ALL {
            @Override
            public int from(int tokens) {
                return 0;
            }

            @Override
            public int to(int tokens) {
                return tokens;
            }
        },
        /** The first. */
        FIRST {
            @Override
            public int from(int tokens) {
                return 0;
            }

            @Override
            public int to(int tokens) {
                return 1;
            }
        },
        /** The last. */
        LAST {
            @Override
            public int from(int tokens) {
                return tokens - 1;
            }

            @Override
            public int to(int tokens) {
                return tokens;
            }
        };

        /** The first token that asks, of so many. */
        public abstract int from(int tokens);

        /** The one after the last that asks. */
        public abstract int to(int tokens);
    }

    /** How queries, keys and values lie side by side in a row. */
    public enum Order {
        /** The queries of all heads, then all keys, then all values. */
        BY_PART,
        /** Query, key and value of the first head, then those of the second, and so on; each head has its own. */
        BY_HEAD
    }

    /**
     * Where heads of one kind lie in a row: their first columns, at equal distances.
     *
     * @param first of the first head
     * @param count how many heads
     * @param stride from one to the next
     */
    public record Columns(int first, int count, int stride) {
        /** The first column of one of them. */
        public int of(int head) {
            return first + head * stride;
        }
    }

    /** Checks that no extent is empty. */
    public HeadShape {
        if (batch < 1 || length < 1 || heads < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "attention shape must be positive: batch %d, length %d, heads %d, width %d"
                            .formatted(batch, length, heads, width));
        }
        if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "%d key and value heads must divide %d query heads".formatted(keyValueHeads, heads));
        }
        if (!(softCap >= 0)) {
            throw new IllegalArgumentException("scores cannot be capped at " + softCap);
        }
        if (order == Order.BY_HEAD && keyValueHeads != heads) {
            throw new IllegalArgumentException(
                    "%d heads that share %d keys have none of their own beside them".formatted(heads, keyValueHeads));
        }
    }

    /** Every token asks. */
    public HeadShape(
            int batch,
            int length,
            int heads,
            int keyValueHeads,
            int width,
            Reach reach,
            float scale,
            float softCap,
            Order order) {
        this(batch, length, heads, keyValueHeads, width, reach, scale, softCap, order, Asked.ALL);
    }

    /** Scores that are not capped, and queries, keys and values part by part. */
    public HeadShape(int batch, int length, int heads, int keyValueHeads, int width, Reach reach, float scale) {
        this(batch, length, heads, keyValueHeads, width, reach, scale, 0, Order.BY_PART);
    }

    /** Bidirectional attention of as many key and value heads as query heads, scaled by 1 / sqrt(width). */
    public HeadShape(int batch, int length, int heads, int width) {
        this(batch, length, heads, heads, width, Reach.ALL, scaleOf(width));
    }

    /** The same shape where only some tokens ask. */
    public HeadShape asking(Asked some) {
        return new HeadShape(batch, length, heads, keyValueHeads, width, reach, scale, softCap, order, some);
    }

    /** The usual factor of the raw scores: 1 / sqrt(width). */
    public static float scaleOf(int width) {
        return (float) (1 / Math.sqrt(width));
    }

    /** Query heads that share a key and a value. */
    public int group() {
        return heads / keyValueHeads;
    }

    /** Columns of a context: heads x width. */
    public int contextColumns() {
        return heads * width;
    }

    /** Columns of queries, keys and values side by side. */
    public int projectionColumns() {
        return (heads + 2 * keyValueHeads) * width;
    }

    /** Rows of the token matrices: batch x length. */
    public int tokens() {
        return batch * length;
    }

    /** Rows of the score matrix: one per sequence, head and query position. */
    public int scoreRows() {
        return batch * heads * length;
    }

    /** Where the queries lie in a row of projections. */
    public Columns queries() {
        return new Columns(0, heads, order == Order.BY_HEAD ? 3 * width : width);
    }

    /** Where the keys lie in a row of projections. */
    public Columns keys() {
        return shared(0);
    }

    /** Where the values lie in a row of projections. */
    public Columns values() {
        return shared(1);
    }

    private Columns shared(int part) {
        return order == Order.BY_HEAD
                ? new Columns((1 + part) * width, keyValueHeads, 3 * width)
                : new Columns((heads + part * keyValueHeads) * width, keyValueHeads, width);
    }

    /** Where all that rotary embeddings turn lies in a row of projections: queries and keys. */
    public List<Columns> turned() {
        return order == Order.BY_HEAD
                ? List.of(queries(), keys())
                : List.of(new Columns(0, heads + keyValueHeads, width));
    }
}
