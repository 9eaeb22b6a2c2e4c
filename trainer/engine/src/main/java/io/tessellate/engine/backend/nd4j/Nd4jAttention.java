package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Attention with strided [batch, key and value heads, rows, columns] views of its matrices, which ND4J multiplies where
 * they lie. Of the query heads that share a key and a value each has a view of its own.
 *
 * @param members views of what each of those query heads reads and writes
 * @param key view of the keys
 * @param value view of the values
 */
record Nd4jAttention(
        HeadShape shape,
        Matrix projections,
        Matrix scores,
        Matrix context,
        List<Member> members,
        INDArray key,
        INDArray value)
        implements Attention {

    /**
     * The heads that come first, second, and so on among those that share a key and a value.
     *
     * @param query view of the queries
     * @param scores view of the scores
     * @param context view of the contexts
     */
    record Member(INDArray query, INDArray scores, INDArray context) {}

    static Nd4jAttention of(HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        List<Member> members = IntStream.range(0, shape.group())
                .mapToObj(m -> new Member(
                        members(shape, projections, shape.queries(), m),
                        scores(shape, scores, m),
                        members(shape, context, new HeadShape.Columns(0, shape.heads(), shape.width()), m)))
                .toList();
        return new Nd4jAttention(
                shape,
                projections,
                scores,
                context,
                members,
                view(projections, shape.keys().first(), shape, shape.keys().stride()),
                view(projections, shape.values().first(), shape, shape.values().stride()));
    }

    /** One query head per key, of a token matrix. */
    private static INDArray members(HeadShape shape, Matrix matrix, HeadShape.Columns heads, int member) {
        return view(matrix, heads.of(member), shape, shape.group() * heads.stride());
    }

    /** Heads of a matrix where they lie, [rows, heads, width]. */
    static INDArray heads(Matrix matrix, HeadShape.Columns heads, int width) {
        long[] extents = {matrix.rows(), heads.count(), width};
        return view(matrix, heads.first(), extents, new long[] {matrix.columns(), heads.stride(), 1});
    }

    private static INDArray view(Matrix matrix, int start, HeadShape shape, int headStride) {
        long[] extents = {shape.batch(), shape.keyValueHeads(), shape.length(), shape.width()};
        long columns = matrix.columns();
        return view(matrix, start, extents, new long[] {shape.length() * columns, headStride, columns, 1});
    }

    private static INDArray scores(HeadShape shape, Matrix scores, int member) {
        Nd4jProducts.array(scores);
        return scores(shape, ((Nd4jVector) scores.memory()).array(), scores.offset(), member);
    }

    private static INDArray scores(HeadShape shape, INDArray memory, long start, int member) {
        int length = shape.length();
        int head = length * length;
        long[] extents = {shape.batch(), shape.keyValueHeads(), length, length};
        long[] strides = {(long) shape.heads() * head, (long) shape.group() * head, length, 1};
        return Nd4j.create(memory.data(), extents, strides, start + (long) member * head, 'c');
    }

    /** The products of queries and keys in a new array of the scores' shape, for what is no longer known of them. */
    INDArray rawScores() {
        INDArray raw = Nd4j.create(DataType.FLOAT, new long[] {scores.rows(), scores.columns()}, 'c');
        for (int m = 0; m < members.size(); m++) {
            Nd4jProducts.multiply(Product.ABT, members.get(m).query(), key, scores(shape, raw, 0, m));
        }
        return raw;
    }

    /** Some columns of one row, to be written to. */
    static INDArray row(Matrix matrix, int row, int first, int count) {
        return view(matrix, row * matrix.columns() + first, new long[] {count}, new long[] {1});
    }

    /**
     * A view of the memory under a matrix, laid over the whole of it: ND4J gives an empty array for some points of a view
     * of a view.
     */
    private static INDArray view(Matrix matrix, int start, long[] extents, long[] strides) {
        Nd4jProducts.array(matrix);
        INDArray memory = ((Nd4jVector) matrix.memory()).array();
        return Nd4j.create(memory.data(), extents, strides, (long) matrix.offset() + start, 'c');
    }
}
