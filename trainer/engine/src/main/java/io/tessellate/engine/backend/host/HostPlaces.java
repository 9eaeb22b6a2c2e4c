package io.tessellate.engine.backend.host;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ABT;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.host.NativeRows.Extent;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * What relative places add to the raw scores of single heads, and the way back of the gradients. A head's queries and keys
 * are multiplied with all places; which of the products belongs to a pair of tokens is looked up in Java.
 *
 * @param attention tokens and places, or their gradients
 * @param tokens where their projections lie
 * @param places where their projections lie
 */
record HostPlaces(Attention.Disentangled attention, NativeRows tokens, NativeRows places) {
    static HostPlaces of(Attention.Disentangled attention) {
        return new HostPlaces(
                attention, NativeRows.of(attention.tokens().projections()), NativeRows.of(attention.places()));
    }

    private HeadShape shape() {
        return attention.tokens().shape();
    }

    private int count() {
        return attention.places().rows();
    }

    /** Terms of the raw scores of a head's first {@code n} tokens; {@code head} counts through all heads of all sequences. */
    Terms terms(int head, int n) {
        Terms terms = noTerms(n);
        try (Products products = new Products(n, count())) {
            Extent extent = new Extent(n, count(), shape().width());
            products.rows().multiply(ABT, extent, query(head), placeKey(head));
            products.rows().read(n, count(), terms.ofQueries);
            products.rows().multiply(ABT, extent, key(head), placeQuery(head));
            products.rows().read(n, count(), terms.ofKeys);
        }
        return terms;
    }

    /** Room for the gradients of the terms of a head's first {@code n} tokens. */
    Terms noTerms(int n) {
        return new Terms(attention, new float[n * count()], new float[n * count()]);
    }

    /** Adds what the gradients of a head's terms make of the gradients of its queries and keys, and those of places. */
    void addGradients(int head, int n, Terms slopes, HostPlaces gradients) {
        try (Products products = new Products(n, count())) {
            products.rows().write(n, count(), slopes.ofQueries);
            spread(products.rows(), n, gradients.query(head), placeKey(head));
            gather(products.rows(), n, gradients.placeKey(head), query(head));
            products.rows().write(n, count(), slopes.ofKeys);
            spread(products.rows(), n, gradients.key(head), placeQuery(head));
            gather(products.rows(), n, gradients.placeQuery(head), key(head));
        }
    }

    private void spread(NativeRows slopes, int n, NativeRows ofTokens, NativeRows placed) {
        Product form = AB.accumulating();
        ofTokens.multiply(form, new Extent(n, shape().width(), count()), slopes, placed);
    }

    private void gather(NativeRows slopes, int n, NativeRows ofPlaces, NativeRows token) {
        Product form = ATB.accumulating();
        ofPlaces.multiply(form, new Extent(count(), shape().width(), n), slopes, token);
    }

    private NativeRows query(int head) {
        return tokens.from(head / shape().heads() * shape().length(), queryColumn(head));
    }

    private NativeRows key(int head) {
        return tokens.from(head / shape().heads() * shape().length(), keyColumn(head));
    }

    private NativeRows placeQuery(int head) {
        return places.from(0, queryColumn(head));
    }

    private NativeRows placeKey(int head) {
        return places.from(0, keyColumn(head));
    }

    private int queryColumn(int head) {
        return head % shape().heads() * shape().width();
    }

    private int keyColumn(int head) {
        return queryColumn(head) + shape().contextColumns();
    }

    /**
     * Of one head the product of each query with each place's key, and of each key with each place's query; or their
     * gradients.
     *
     * @param attention which place belongs to two tokens; nothing if there are no places
     * @param ofQueries [tokens x places]
     * @param ofKeys [tokens x places]
     */
    record Terms(Attention.Disentangled attention, float[] ofQueries, float[] ofKeys) implements ScoreTerms {
        @Override
        public void add(float[] block, int query, int queries, int firstKey, int keys) {
            int[] rows = attention.rows();
            int places = attention.places().rows();
            for (int r = 0; r < queries; r++) {
                int distance = distance(query + r, firstKey);
                int ofQuery = (query + r) * places;
                for (int k = 0; k < keys; k++) {
                    int place = rows[distance - k];
                    block[r * keys + k] += ofQueries[ofQuery + place] + ofKeys[(firstKey + k) * places + place];
                }
            }
        }

        @Override
        public void collect(float[] block, int query, int queries, int firstKey, int keys) {
            int[] rows = attention.rows();
            int places = attention.places().rows();
            for (int r = 0; r < queries; r++) {
                int distance = distance(query + r, firstKey);
                int ofQuery = (query + r) * places;
                for (int k = 0; k < keys; k++) {
                    int place = rows[distance - k];
                    ofQueries[ofQuery + place] += block[r * keys + k];
                    ofKeys[(firstKey + k) * places + place] += block[r * keys + k];
                }
            }
        }

        /** Number of the distance of two tokens; one less for each key further on. */
        private int distance(int query, int key) {
            return query - key + attention.tokens().shape().length() - 1;
        }
    }

    /** Native memory of one head's products, freed with it. */
    private static final class Products implements AutoCloseable {
        private final FloatPointer pointer;
        private final NativeRows all;

        Products(int rows, int columns) {
            pointer = new FloatPointer((long) rows * columns);
            FloatBuffer buffer = pointer.asBuffer();
            all = new NativeRows(pointer, buffer, 0, columns);
        }

        NativeRows rows() {
            return all;
        }

        @Override
        public void close() {
            pointer.close();
        }
    }

    /** What is added to the raw scores of a head besides the products of its queries and keys. */
    interface ScoreTerms {
        /** Nothing. */
        ScoreTerms NONE = new ScoreTerms() {
            @Override
            public void add(float[] block, int query, int queries, int firstKey, int keys) {}

            @Override
            public void collect(float[] block, int query, int queries, int firstKey, int keys) {}
        };

        /** Adds those of a block of queries, from one on, and of keys, from one on, to their raw scores. */
        void add(float[] block, int query, int queries, int firstKey, int keys);

        /** Adds the gradients of such a block of raw scores to these. */
        void collect(float[] block, int query, int queries, int firstKey, int keys);
    }
}
