package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.MatrixBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A strided [batch, heads, rows, columns] view. */
record Nd4jMatrixBatch(HeadShape shape, INDArray array) implements MatrixBatch {}
