package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Row-wise activations other than the exact GELU, by ND4J operations. */
final class Nd4jActivations {
    /** 2 sqrt(2 / pi): (1 + tanh(u)) / 2 is the logistic function of 2 u. */
    private static final double SLOPE = 2 * Math.sqrt(2 / Math.PI);

    private static final double CUBIC = 0.044715;

    private Nd4jActivations() {}

    static void relu(INDArray x, INDArray y) {
        try (INDArray positive = positive(x)) {
            x.muli(positive, y);
        }
    }

    static void reluBackward(INDArray x, INDArray gradient) {
        try (INDArray positive = positive(x)) {
            gradient.muli(positive);
        }
    }

    /** 1 where x is positive, else 0. */
    private static INDArray positive(INDArray x) {
        try (INDArray above = x.gt(0)) {
            return above.castTo(DataType.FLOAT);
        }
    }

    static void tanhGelu(INDArray x, INDArray y) {
        try (INDArray logistic = logisticOfCube(x)) {
            x.muli(logistic, y);
        }
    }

    static void tanhGeluBackward(INDArray x, INDArray gradient) {
        try (INDArray s = logisticOfCube(x);
                INDArray slope = x.mul(x);
                INDArray rest = s.rsub(1.0)) {
            slope.muli(3 * CUBIC).addi(1.0).muli(SLOPE);
            slope.muli(rest).muli(x).addi(1.0).muli(s);
            gradient.muli(slope);
        }
    }

    /** logistic(2 sqrt(2 / pi) (x + 0.044715 x^3)). */
    private static INDArray logisticOfCube(INDArray x) {
        INDArray u = x.mul(x);
        u.muli(CUBIC).addi(1.0).muli(x).muli(SLOPE);
        Nd4j.exec(new Sigmoid(u, u));
        return u;
    }

    static void siluGate(INDArray x, INDArray y) {
        try (INDArray gate = half(x, 0).dup('c');
                INDArray up = half(x, 1).dup('c');
                INDArray s = gate.dup('c')) {
            Nd4j.exec(new Sigmoid(s, s));
            gate.muli(s).muli(up);
            y.assign(gate);
        }
    }

    static void siluGateBackward(INDArray x, INDArray gradient, INDArray inputGradient) {
        try (INDArray gate = half(x, 0).dup('c');
                INDArray up = half(x, 1).dup('c');
                INDArray s = gate.dup('c')) {
            Nd4j.exec(new Sigmoid(s, s));
            try (INDArray silu = gate.mul(s);
                    INDArray rest = s.rsub(1.0)) {
                silu.muli(gradient);
                half(inputGradient, 1).assign(silu);
                rest.muli(gate).addi(1.0).muli(s);
                up.muli(gradient).muli(rest);
                half(inputGradient, 0).assign(up);
            }
        }
    }

    private static INDArray half(INDArray x, int which) {
        long columns = x.columns() / 2;
        return x.get(NDArrayIndex.all(), NDArrayIndex.interval(which * columns, (which + 1) * columns));
    }

    /** Columns of a matrix. */
    static INDArray columns(Matrix matrix, int first, int count) {
        return AbstractNd4jBackend.array(matrix)
                .get(NDArrayIndex.all(), NDArrayIndex.interval(first, (long) first + count));
    }
}
