package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import java.util.List;
import java.util.stream.IntStream;
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
                        members(shape, projections, m), scores(shape, scores, m), members(shape, context, m)))
                .toList();
        return new Nd4jAttention(
                shape,
                projections,
                scores,
                context,
                members,
                heads(shape, projections, shape.heads()),
                heads(shape, projections, shape.heads() + shape.keyValueHeads()));
    }

    /** As many heads of a token matrix as there are keys, from one on: [batch, heads, length, width]. */
    private static INDArray heads(HeadShape shape, Matrix matrix, int first) {
        return view(matrix, first * shape.width(), shape, shape.width());
    }

    /** One query head per key; the query heads come first. */
    private static INDArray members(HeadShape shape, Matrix matrix, int member) {
        return view(matrix, member * shape.width(), shape, shape.group() * shape.width());
    }

    private static INDArray view(Matrix matrix, int start, HeadShape shape, int headStride) {
        long[] extents = {shape.batch(), shape.keyValueHeads(), shape.length(), shape.width()};
        long columns = matrix.columns();
        return view(matrix, start, extents, new long[] {shape.length() * columns, headStride, columns, 1});
    }

    private static INDArray scores(HeadShape shape, Matrix scores, int member) {
        int length = shape.length();
        int head = length * length;
        long[] extents = {shape.batch(), shape.keyValueHeads(), length, length};
        long[] strides = {(long) shape.heads() * head, (long) shape.group() * head, length, 1};
        return view(scores, member * head, extents, strides);
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
