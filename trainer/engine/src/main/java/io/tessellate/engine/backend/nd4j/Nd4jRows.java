package io.tessellate.engine.backend.nd4j;

import static io.tessellate.engine.backend.nd4j.Nd4jOperations.into;
import static io.tessellate.engine.backend.nd4j.Nd4jOperations.vector;
import static io.tessellate.engine.backend.nd4j.Nd4jProducts.array;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.RowKernels;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Row kernels of ND4J operations. Sums over rows are products with a vector of ones, which ND4J does fastest. */
final class Nd4jRows implements RowKernels {
    @Override
    public void addBias(Matrix x, Matrix bias) {
        into("biasadd", array(x), array(x), vector(bias));
    }

    @Override
    public void add(Matrix x, Matrix y) {
        array(x).addi(array(y));
    }

    @Override
    public void scale(Matrix x, float factor) {
        array(x).muli(factor);
    }

    @Override
    public void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual) {
        array(x).addi(array(residual));
        addBias(x, bias);
    }

    @Override
    public void addColumnSums(Matrix x, Matrix sums) {
        Nd4jOperations.addColumnSums(array(x), array(sums));
    }

    @Override
    public void gatherRows(Matrix table, int[] ids, Matrix rows, boolean add) {
        try (INDArray indices = Nd4j.createFromArray(ids);
                INDArray gathered = Nd4j.create(DataType.FLOAT, new long[] {rows.rows(), rows.columns()}, 'c')) {
            Nd4j.exec(DynamicCustomOp.builder("gather")
                    .addInputs(array(table), indices)
                    .addOutputs(gathered)
                    .addIntegerArguments(0)
                    .build());
            if (add) {
                array(rows).addi(gathered);
            } else {
                array(rows).assign(gathered);
            }
        }
    }

    /** ND4J adds repeated rows in whatever order its threads come, so they are summed beforehand. */
    @Override
    public void scatterAddRows(Matrix rows, int[] ids, Matrix table) {
        float[] values = new float[rows.size()];
        rows.get(values);
        scatterAdd(values, ids, table);
    }

    /** The same of a dense array, [ids, columns]. */
    static void scatterAdd(INDArray rows, int[] ids, Matrix table) {
        scatterAdd(rows.data().asFloat(), ids, table);
    }

    private static void scatterAdd(float[] values, int[] ids, Matrix table) {
        int columns = table.columns();
        int[] distinct = Arrays.stream(ids).distinct().sorted().toArray();
        float[] sums = new float[distinct.length * columns];
        for (int r = 0; r < ids.length; r++) {
            int to = Arrays.binarySearch(distinct, ids[r]) * columns;
            for (int c = 0; c < columns; c++) {
                sums[to + c] += values[r * columns + c];
            }
        }
        try (INDArray indices = Nd4j.createFromArray(distinct);
                INDArray updates = Nd4j.create(sums, new long[] {distinct.length, columns}, 'c')) {
            into("scatter_add", array(table), array(table), indices, updates);
        }
    }

    @Override
    public double crossEntropy(Matrix logits, int[] targets, float scale) {
        INDArray p = array(logits);
        Nd4j.exec(DynamicCustomOp.builder("softmax")
                .addInputs(p)
                .addOutputs(p)
                .addIntegerArguments(1)
                .build());
        double loss = 0;
        for (int r = 0; r < targets.length; r++) {
            double probability = p.getDouble(r, targets[r]);
            loss -= Math.log(Math.max(probability, Float.MIN_NORMAL));
            p.putScalar(r, targets[r], probability - 1);
        }
        p.muli(scale);
        return loss;
    }
}
