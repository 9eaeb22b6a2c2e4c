package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import java.util.stream.IntStream;

/**
 * The matrices of an attention block. Heads are taken out of them into matrices of their own, one after the other: the query
 * heads that share a key and a value lie below each other, so that each of these is multiplied with once.
 */
record TorchAttention(HeadShape shape, Matrix projections, Matrix scores, Matrix context) implements Attention {
    /** Matrices of queries, [batch x key and value heads, group x length, width]. */
    Tensor queries(KernelWorkspace work) {
        return taken(work, projections, shape.queries());
    }

    /** Matrices of keys, [batch x key and value heads, length, width]. */
    Tensor keys(KernelWorkspace work) {
        return taken(work, projections, shape.keys());
    }

    Tensor values(KernelWorkspace work) {
        return taken(work, projections, shape.values());
    }

    /** Matrices of contexts, shaped as the queries. */
    Tensor contexts(KernelWorkspace work) {
        return taken(work, context, contextColumns());
    }

    void putQueries(KernelWorkspace work, Tensor queries) {
        put(work, queries, projections, shape.queries());
    }

    void putKeys(KernelWorkspace work, Tensor keys) {
        put(work, keys, projections, shape.keys());
    }

    void putValues(KernelWorkspace work, Tensor values) {
        put(work, values, projections, shape.values());
    }

    void putContexts(KernelWorkspace work, Tensor contexts) {
        put(work, contexts, context, contextColumns());
    }

    /** The scores where they lie, [batch x key and value heads, group x length, length]. */
    Tensor scoreMatrices(KernelWorkspace work) {
        return work.view(
                scores,
                0,
                (long) shape.batch() * shape.keyValueHeads(),
                (long) shape.group() * shape.length(),
                shape.length());
    }

    /** Memory shaped as the matrices of so many heads. */
    Tensor memory(KernelWorkspace work, int heads) {
        return work.floats(
                (long) shape.batch() * shape.keyValueHeads(),
                (long) heads / shape.keyValueHeads() * shape.length(),
                shape.width());
    }

    private HeadShape.Columns contextColumns() {
        return new HeadShape.Columns(0, shape.heads(), shape.width());
    }

    private Tensor taken(KernelWorkspace work, Matrix matrix, HeadShape.Columns heads) {
        Tensor taken = memory(work, heads.count());
        Libtorch.copy(work.view(taken, perHead(heads.count())), where(work, matrix, heads));
        return taken;
    }

    private void put(KernelWorkspace work, Tensor source, Matrix matrix, HeadShape.Columns heads) {
        Libtorch.copy(where(work, matrix, heads), work.view(source, perHead(heads.count())));
    }

    private long[] perHead(int heads) {
        return new long[] {shape.batch(), heads, shape.length(), shape.width()};
    }

    private Tensor where(KernelWorkspace work, Matrix matrix, HeadShape.Columns heads) {
        long columns = matrix.columns();
        long[] strides = {shape.length() * columns, heads.stride(), columns, 1};
        return work.strided(matrix, heads.first(), perHead(heads.count()), strides);
    }

    /**
     * What relative places add to raw scores, of all heads at once, and the way back of the gradients. Places are spread to one
     * row per distance first, the keys' from the largest {@code i - j} down and the queries' up; what belongs to the pair (i, j)
     * then lies at equal distances in the products, which a strided view shows as [heads, batch, i, j].
     */
    static final class Places {
        private final KernelWorkspace work;
        private final Attention.Disentangled attention;
        private final HeadShape shape;
        private final long distances;

        Places(KernelWorkspace work, Attention.Disentangled attention) {
            this.work = work;
            this.attention = attention;
            this.shape = attention.tokens().shape();
            this.distances = attention.rows().length;
        }

        /** Adds the terms to the raw scores. */
        void addTo(Matrix scores) {
            Tensor products = work.floats(shape.heads(), shape.tokens(), distances);
            Libtorch.multiplyEach(products, tokens(attention, 0), turned(placed(descending(), 1), distances));
            Operators.addProduct(scores(scores), 1, pairs(products, true), work.one());
            Libtorch.multiplyEach(products, tokens(attention, 1), turned(placed(attention.rows(), 0), distances));
            Operators.addProduct(scores(scores), 1, pairs(products, false), work.one());
        }

        /** From the gradients of the raw scores: adds to those of the tokens' queries and keys, and sets those of the places. */
        void backward(Matrix slopes, Attention.Disentangled gradients) {
            gradients.places().clear();
            Tensor products = work.floats(shape.heads(), shape.tokens(), distances);
            backward(products, pairs(products, true), slopes, new Way(0, 1, descending()), gradients);
            backward(products, pairs(products, false), slopes, new Way(1, 0, attention.rows()), gradients);
        }

        /**
         * Which projections of tokens meet which of places.
         *
         * @param part of the tokens: 0 for queries, 1 for keys
         * @param other of the places
         * @param rows of the places by distance
         */
        private record Way(int part, int other, int[] rows) {}

        private void backward(Tensor products, Tensor pairs, Matrix slopes, Way way, Attention.Disentangled gradients) {
            Libtorch.clear(products);
            Libtorch.copy(pairs, scores(slopes));
            Tensor added = work.floats(shape.heads(), shape.tokens(), shape.width());
            Libtorch.multiplyEach(added, products, placed(way.rows, way.other));
            Tensor ofTokens = heads(gradients.tokens().projections(), shape.tokens(), way.part);
            Operators.addProduct(ofTokens, 1, added, work.one());
            Tensor sums = work.floats(shape.heads(), distances, shape.width());
            Libtorch.multiplyEach(sums, turned(products, shape.tokens(), distances), tokens(attention, way.part));
            addToPlaces(sums, way, gradients.places());
        }

        /** Distances of one place are summed beforehand, always in the same order. */
        private void addToPlaces(Tensor sums, Way way, Matrix places) {
            long columns = shape.contextColumns();
            Tensor byDistance = work.floats(distances, columns);
            long[] sizes = {shape.heads(), distances, shape.width()};
            Libtorch.copy(work.strided(byDistance, sizes, new long[] {shape.width(), columns, 1}), sums);
            Tensor byPlace = work.floats(places.rows(), columns);
            Operators.sumRows(byDistance, work.places(way.rows, way.rows.length), places.rows(), byPlace);
            Tensor target = work.columns(places, way.other * shape.contextColumns(), shape.contextColumns());
            Operators.addProduct(target, 1, byPlace, work.one());
        }

        private int[] descending() {
            int[] rows = attention.rows();
            return IntStream.range(0, rows.length)
                    .map(d -> rows[rows.length - 1 - d])
                    .toArray();
        }

        /** Matrices of the places' queries or keys by distance, [heads, distances, width]. */
        private Tensor placed(int[] rows, int part) {
            Tensor spread = work.floats(distances, shape.projectionColumns());
            Operators.select(work.view(attention.places()), work.places(rows, rows.length), spread);
            long[] sizes = {shape.heads(), distances, shape.width()};
            long[] strides = {shape.width(), shape.projectionColumns(), 1};
            Tensor placed = work.floats(sizes);
            Libtorch.copy(placed, work.strided(spread, (long) part * shape.contextColumns(), sizes, strides));
            return placed;
        }

        /** Matrices of the tokens' queries or keys, [heads, tokens, width]. */
        private Tensor tokens(Attention.Disentangled of, int part) {
            Tensor tokens = work.floats(shape.heads(), shape.tokens(), shape.width());
            Libtorch.copy(tokens, heads(of.tokens().projections(), shape.tokens(), part));
            return tokens;
        }

        private Tensor heads(Matrix projections, long rows, int part) {
            long[] sizes = {shape.heads(), rows, shape.width()};
            long[] strides = {shape.width(), projections.columns(), 1};
            return work.strided(projections, (long) part * shape.contextColumns(), sizes, strides);
        }

        /** Matrices of distances, the other way round. */
        private Tensor turned(Tensor placed, long rows) {
            return turned(placed, rows, shape.width());
        }

        private Tensor turned(Tensor matrices, long rows, long columns) {
            long[] sizes = {shape.heads(), columns, rows};
            return work.strided(matrices, sizes, new long[] {rows * columns, 1, columns});
        }

        /**
         * Of each query with each distance, or of each key, those that belong to a pair of tokens, [heads, batch, i, j]: in row i
         * the column {@code n - 1 - (i - j)}, or in row j the column {@code n - 1 + i - j}.
         */
        private Tensor pairs(Tensor products, boolean ofQueries) {
            long n = shape.length();
            long head = shape.tokens() * distances;
            long[] sizes = {shape.heads(), shape.batch(), n, n};
            long i = ofQueries ? distances - 1 : 1;
            long j = ofQueries ? 1 : distances - 1;
            return work.strided(products, n - 1, sizes, new long[] {head, n * distances, i, j});
        }

        /** The scores where they lie, [heads, batch, i, j]. */
        private Tensor scores(Matrix scores) {
            long n = shape.length();
            long[] sizes = {shape.heads(), shape.batch(), n, n};
            return work.strided(scores, 0, sizes, new long[] {n * n, shape.heads() * n * n, n, 1});
        }
    }
}
