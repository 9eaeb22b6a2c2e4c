package io.tessellate.engine.backend.nd4j;

import static io.tessellate.engine.backend.nd4j.Nd4jProducts.array;
import static io.tessellate.engine.backend.nd4j.Nd4jProducts.multiply;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What relative places add to raw scores, head by head, and the way back of the gradients. Places are spread to one row per
 * distance first, the keys' from the largest {@code i - j} down and the queries' up; what belongs to the pair (i, j) then lies
 * at equal distances in the products, which a strided view shows as [batch, i, j].
 */
final class Nd4jPlaces {
    private final Attention.Disentangled attention;
    private final HeadShape shape;
    private final int distances;

    Nd4jPlaces(Attention.Disentangled attention) {
        this.attention = attention;
        this.shape = attention.tokens().shape();
        this.distances = attention.rows().length;
    }

    /** Adds the terms of all heads to the raw scores. */
    void addTo(Matrix scores) {
        try (INDArray keys = spread(descending());
                INDArray queries = spread(attention.rows());
                INDArray products = products()) {
            for (int head = 0; head < shape.heads(); head++) {
                INDArray pairs = scores(scores, head);
                multiply(Product.ABT, tokens(attention, head, 0), columns(keys, head, 1), products);
                pairs.addi(pairs(products, true));
                multiply(Product.ABT, tokens(attention, head, 1), columns(queries, head, 0), products);
                pairs.addi(pairs(products, false));
            }
        }
    }

    /** From the gradients of the raw scores: adds to those of the tokens' queries and keys, and sets those of the places. */
    void backward(Matrix slopes, Attention.Disentangled gradients) {
        int columns = shape.projectionColumns();
        try (INDArray keys = spread(descending());
                INDArray queries = spread(attention.rows());
                INDArray products = products();
                INDArray keySums = Nd4j.create(DataType.FLOAT, new long[] {distances, columns}, 'c');
                INDArray querySums = Nd4j.create(DataType.FLOAT, new long[] {distances, columns}, 'c')) {
            for (int head = 0; head < shape.heads(); head++) {
                INDArray pairs = scores(slopes, head);
                collect(products, pairs, true);
                multiply(Product.AB.accumulating(), products, columns(keys, head, 1), tokens(gradients, head, 0));
                multiply(Product.ATB, products, tokens(attention, head, 0), columns(keySums, head, 1));
                collect(products, pairs, false);
                multiply(Product.AB.accumulating(), products, columns(queries, head, 0), tokens(gradients, head, 1));
                multiply(Product.ATB, products, tokens(attention, head, 1), columns(querySums, head, 0));
            }
            gradients.places().clear();
            Nd4jRows.scatterAdd(keySums, descending(), gradients.places());
            Nd4jRows.scatterAdd(querySums, attention.rows(), gradients.places());
        }
    }

    private static void collect(INDArray products, INDArray pairs, boolean ofQueries, HeadShape shape) {
        products.assign(0);
        view(products, ofQueries, shape).assign(pairs);
    }

    private void collect(INDArray products, INDArray pairs, boolean ofQueries) {
        collect(products, pairs, ofQueries, shape);
    }

    private INDArray pairs(INDArray products, boolean ofQueries) {
        return view(products, ofQueries, shape);
    }

    /**
     * Of each query with each distance, or of each key, those that belong to a pair of tokens, [batch, i, j]: in row i the
     * column {@code n - 1 - (i - j)}, or in row j the column {@code n - 1 + i - j}.
     */
    private static INDArray view(INDArray products, boolean ofQueries, HeadShape shape) {
        long n = shape.length();
        long row = 2 * n - 1;
        long[] strides = ofQueries ? new long[] {n * row, row - 1, 1} : new long[] {n * row, 1, row - 1};
        return Nd4j.create(products.data(), new long[] {shape.batch(), n, n}, strides, n - 1, 'c');
    }

    private INDArray products() {
        return Nd4j.create(DataType.FLOAT, new long[] {shape.tokens(), distances}, 'c');
    }

    private int[] descending() {
        int[] rows = attention.rows();
        return IntStream.range(0, distances).map(d -> rows[distances - 1 - d]).toArray();
    }

    /** The places' projections by distance, [distances, columns]. */
    private INDArray spread(int[] rows) {
        INDArray spread = Nd4j.create(DataType.FLOAT, new long[] {distances, shape.projectionColumns()}, 'c');
        try (INDArray indices = Nd4j.createFromArray(Arrays.copyOf(rows, rows.length))) {
            Nd4j.exec(DynamicCustomOp.builder("gather")
                    .addInputs(array(attention.places()), indices)
                    .addOutputs(spread)
                    .addIntegerArguments(0)
                    .build());
        }
        return spread;
    }

    /** Queries (part 0) or keys (part 1) of one head, [tokens, width]. */
    private INDArray tokens(Attention.Disentangled of, int head, int part) {
        Matrix projections = of.tokens().projections();
        array(projections);
        INDArray memory = ((Nd4jVector) projections.memory()).array();
        return columns(memory.data(), projections.offset(), shape.tokens(), head, part);
    }

    private INDArray columns(INDArray spread, int head, int part) {
        return columns(spread.data(), 0, distances, head, part);
    }

    private INDArray columns(DataBuffer data, long offset, int rows, int head, int part) {
        long first = offset + (long) (head + part * shape.heads()) * shape.width();
        long[] extents = {rows, shape.width()};
        return Nd4j.create(data, extents, new long[] {shape.projectionColumns(), 1}, first, 'c');
    }

    /** The scores of one head, [batch, i, j]. */
    private INDArray scores(Matrix scores, int head) {
        array(scores);
        INDArray memory = ((Nd4jVector) scores.memory()).array();
        long n = shape.length();
        long[] strides = {shape.heads() * n * n, n, 1};
        return Nd4j.create(
                memory.data(), new long[] {shape.batch(), n, n}, strides, scores.offset() + head * n * n, 'c');
    }
}
