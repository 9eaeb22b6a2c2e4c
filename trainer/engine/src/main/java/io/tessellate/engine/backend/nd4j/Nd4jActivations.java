package io.tessellate.engine.backend.nd4j;

import static io.tessellate.engine.backend.nd4j.Nd4jOperations.into;
import static io.tessellate.engine.backend.nd4j.Nd4jOperations.vector;
import static io.tessellate.engine.backend.nd4j.Nd4jProducts.array;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Activations by ND4J operations. */
final class Nd4jActivations implements ActivationKernels {
    /** 2 sqrt(2 / pi): (1 + tanh(u)) / 2 is the logistic function of 2 u. */
    private static final double SLOPE = 2 * Math.sqrt(2 / Math.PI);

    private static final double CUBIC = 0.044715;

    private static final double INV_SQRT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

    @Override
    public void biasGelu(Matrix x, Matrix bias, Matrix y) {
        into("biasadd", array(x), array(x), vector(bias));
        try (INDArray cdf = normalCdf(array(x))) {
            array(x).muli(cdf, array(y));
        }
    }

    /** Phi(x) = (1 + erf(x / sqrt 2)) / 2. */
    private static INDArray normalCdf(INDArray x) {
        INDArray cdf = x.mul(Math.sqrt(0.5));
        Nd4j.exec(new Erf(cdf, cdf));
        return cdf.addi(1.0).muli(0.5);
    }

    @Override
    public void geluBackward(Matrix x, Matrix gradient) {
        INDArray in = array(x);
        try (INDArray derivative = in.mul(in);
                INDArray cdf = normalCdf(in)) {
            derivative.muli(-0.5);
            Nd4j.exec(new Exp(derivative, derivative));
            derivative.muli(in).muli(INV_SQRT_TWO_PI).addi(cdf);
            array(gradient).muli(derivative);
        }
    }

    @Override
    public void tanhGelu(Matrix x, Matrix y) {
        tanhGelu(array(x), array(y));
    }

    @Override
    public void tanhGeluBackward(Matrix x, Matrix gradient) {
        tanhGeluBackward(array(x), array(gradient));
    }

    @Override
    public void relu(Matrix x, Matrix y) {
        relu(array(x), array(y));
    }

    @Override
    public void reluBackward(Matrix x, Matrix gradient) {
        reluBackward(array(x), array(gradient));
    }

    @Override
    public void siluGate(Matrix x, Matrix y) {
        siluGate(array(x), array(y));
    }

    @Override
    public void siluGateBackward(Matrix x, Matrix gradient, Matrix inputGradient) {
        siluGateBackward(array(x), array(gradient), array(inputGradient));
    }

    private static void relu(INDArray x, INDArray y) {
        try (INDArray positive = positive(x)) {
            x.muli(positive, y);
        }
    }

    private static void reluBackward(INDArray x, INDArray gradient) {
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

    private static void tanhGelu(INDArray x, INDArray y) {
        try (INDArray logistic = logisticOfCube(x)) {
            x.muli(logistic, y);
        }
    }

    private static void tanhGeluBackward(INDArray x, INDArray gradient) {
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

    private static void siluGate(INDArray x, INDArray y) {
        try (INDArray gate = half(x, 0).dup('c');
                INDArray up = half(x, 1).dup('c');
                INDArray s = gate.dup('c')) {
            Nd4j.exec(new Sigmoid(s, s));
            gate.muli(s).muli(up);
            y.assign(gate);
        }
    }

    private static void siluGateBackward(INDArray x, INDArray gradient, INDArray inputGradient) {
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
}
