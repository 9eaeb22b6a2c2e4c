package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

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
        Heads columns = new Heads(shape, projections);
        INDArray perMember = Nd4jProducts.array(scores)
                .reshape('c', shape.batch(), shape.keyValueHeads(), shape.group(), shape.length(), shape.length());
        List<Member> members = IntStream.range(0, shape.group())
                .mapToObj(m -> new Member(
                        columns.members(m),
                        perMember.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(m)),
                        new Heads(shape, context).members(m)))
                .toList();
        return new Nd4jAttention(
                shape,
                projections,
                scores,
                context,
                members,
                columns.heads(shape.heads()),
                columns.heads(shape.heads() + shape.keyValueHeads()));
    }

    /** A token matrix seen as heads. */
    private record Heads(HeadShape shape, Matrix matrix) {
        /** As many heads as there are keys, from one on: [batch, heads, length, width]. */
        INDArray heads(int first) {
            return perHead()
                    .get(
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.interval(first, first + shape.keyValueHeads()))
                    .permute(0, 2, 1, 3);
        }

        /** One query head per key; the query heads come first. */
        INDArray members(int member) {
            return perHead()
                    .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, shape.heads()))
                    .reshape(
                            'c',
                            true,
                            shape.batch(),
                            shape.length(),
                            shape.keyValueHeads(),
                            shape.group(),
                            shape.width())
                    .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(member))
                    .permute(0, 2, 1, 3);
        }

        private INDArray perHead() {
            int heads = matrix.columns() / shape.width();
            return Nd4jProducts.array(matrix).reshape('c', shape.batch(), shape.length(), heads, shape.width());
        }
    }
}
