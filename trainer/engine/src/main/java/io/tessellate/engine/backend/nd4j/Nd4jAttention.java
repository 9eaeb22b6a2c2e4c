package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Attention with strided [batch, heads, rows, columns] views of its matrices, which ND4J multiplies where they lie.
 *
 * @param query view of the first part of the projections
 * @param key view of the second
 * @param value view of the third
 * @param scoreHeads view of the scores
 * @param contextHeads view of the context
 */
record Nd4jAttention(
        HeadShape shape,
        Matrix projections,
        Matrix scores,
        Matrix context,
        INDArray query,
        INDArray key,
        INDArray value,
        INDArray scoreHeads,
        INDArray contextHeads)
        implements Attention {

    static Nd4jAttention of(HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        return new Nd4jAttention(
                shape,
                projections,
                scores,
                context,
                heads(projections, shape, 0),
                heads(projections, shape, 1),
                heads(projections, shape, 2),
                AbstractNd4jBackend.array(scores)
                        .reshape('c', shape.batch(), shape.heads(), shape.length(), shape.length()),
                heads(context, shape, 0));
    }

    /** One of the projections that lie side by side. */
    private static INDArray heads(Matrix packed, HeadShape shape, int part) {
        int parts = packed.columns() / (shape.heads() * shape.width());
        return AbstractNd4jBackend.array(packed)
                .reshape('c', shape.batch(), shape.length(), parts, shape.heads(), shape.width())
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(part))
                .permute(0, 2, 1, 3);
    }
}
