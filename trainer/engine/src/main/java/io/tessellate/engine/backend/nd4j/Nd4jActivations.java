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
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
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
        try (INDArray cdf = normalCdf(in);
                INDArray derivative = geluSlope(in, cdf)) {
            array(gradient).muli(derivative);
        }
    }

    /** Phi(x) + x density(x), in a new array. */
    private static INDArray geluSlope(INDArray x, INDArray cdf) {
        INDArray derivative = x.mul(x);
        derivative.muli(-0.5);
        Nd4j.exec(new Exp(derivative, derivative));
        return derivative.muli(x).muli(INV_SQRT_TWO_PI).addi(cdf);
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
    public void gate(Gate function, Matrix x, Matrix y) {
        try (INDArray gate = half(array(x), 0).dup('c');
                INDArray up = half(array(x), 1).dup('c');
                INDArray share = share(function, gate)) {
            gate.muli(share).muli(up);
            array(y).assign(gate);
        }
    }

    @Override
    public void gateBackward(Gate function, Matrix x, Matrix gradient, Matrix inputGradient) {
        try (INDArray gate = half(array(x), 0).dup('c');
                INDArray up = half(array(x), 1).dup('c');
                INDArray share = share(function, gate);
                INDArray activated = gate.mul(share);
                INDArray slope = slope(function, gate, share)) {
            activated.muli(array(gradient));
            half(array(inputGradient), 1).assign(activated);
            up.muli(array(gradient)).muli(slope);
            half(array(inputGradient), 0).assign(up);
        }
    }

    /** What x is multiplied with in the function of a gate, in a new array. */
    private static INDArray share(Gate function, INDArray x) {
        return switch (function) {
            case SILU -> {
                INDArray share = x.dup('c');
                Nd4j.exec(new Sigmoid(share, share));
                yield share;
            }
            case GELU -> normalCdf(x);
            case TANH_GELU -> logisticOfCube(x);
        };
    }

    /** The slope of the function of a gate, in a new array. */
    private static INDArray slope(Gate function, INDArray x, INDArray share) {
        return switch (function) {
            case SILU -> {
                INDArray rest = share.rsub(1.0);
                yield rest.muli(x).addi(1.0).muli(share);
            }
            case GELU -> geluSlope(x, share);
            case TANH_GELU -> tanhGeluSlope(x, share);
        };
    }

    @Override
    public void softCap(Matrix x, float cap) {
        softCap(array(x), cap);
    }

    static void softCap(INDArray x, float cap) {
        x.divi(cap);
        Nd4j.exec(new Tanh(x, x));
        x.muli(cap);
    }

    @Override
    public void softCapBackward(Matrix capped, Matrix gradient, float cap) {
        softCapBackward(array(capped), array(gradient), cap);
    }

    static void softCapBackward(INDArray capped, INDArray gradient, float cap) {
        try (INDArray slope = capped.mul(capped)) {
            slope.muli(-1.0 / ((double) cap * cap)).addi(1.0);
            gradient.muli(slope);
        }
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
                INDArray slope = tanhGeluSlope(x, s)) {
            gradient.muli(slope);
        }
    }

    /** s + x s (1 - s) u', where s is the logistic function of u, in a new array. */
    private static INDArray tanhGeluSlope(INDArray x, INDArray s) {
        INDArray slope = x.mul(x);
        try (INDArray rest = s.rsub(1.0)) {
            slope.muli(3 * CUBIC).addi(1.0).muli(SLOPE);
            return slope.muli(rest).muli(x).addi(1.0).muli(s);
        }
    }

    /** logistic(2 sqrt(2 / pi) (x + 0.044715 x^3)). */
    private static INDArray logisticOfCube(INDArray x) {
        INDArray u = x.mul(x);
        u.muli(CUBIC).addi(1.0).muli(x).muli(SLOPE);
        Nd4j.exec(new Sigmoid(u, u));
        return u;
    }

    private static INDArray half(INDArray x, int which) {
        long columns = x.columns() / 2;
        return x.get(NDArrayIndex.all(), NDArrayIndex.interval(which * columns, (which + 1) * columns));
    }
}
