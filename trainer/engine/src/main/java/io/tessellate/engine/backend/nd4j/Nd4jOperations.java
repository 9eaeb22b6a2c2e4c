package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J operations that several kernels need. Temporaries live for one call and are closed in it. */
final class Nd4jOperations {
    private Nd4jOperations() {}

    /** Runs a named operation into {@code output}. */
    static void into(String operation, INDArray output, INDArray... inputs) {
        Nd4j.exec(DynamicCustomOp.builder(operation)
                .addInputs(inputs)
                .addOutputs(output)
                .build());
    }

    /** A matrix of one row as a vector. */
    static INDArray vector(Matrix row) {
        return Nd4jProducts.array(row).reshape(new long[] {row.columns()});
    }

    /** The mean of each row: a product, which ND4J does many times faster than its reductions. */
    static INDArray rowMeans(INDArray x) {
        try (INDArray weights = Nd4j.valueArrayOf(new long[] {x.columns(), 1}, 1.0 / x.columns(), DataType.FLOAT)) {
            return product(x, weights);
        }
    }

    /** A new array: A B. */
    static INDArray product(INDArray a, INDArray b) {
        INDArray c = Nd4j.create(DataType.FLOAT, new long[] {a.rows(), b.columns()}, 'c');
        Nd4jProducts.multiply(Product.AB, a, b, c);
        return c;
    }

    /** sums += the column sums of x: a product too. */
    static void addColumnSums(INDArray x, INDArray sums) {
        try (INDArray ones = Nd4j.ones(DataType.FLOAT, 1, x.rows())) {
            Nd4jProducts.multiply(Product.AB.accumulating(), ones, x, sums);
        }
    }
}
