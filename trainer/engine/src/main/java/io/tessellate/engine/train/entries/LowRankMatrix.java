package io.tessellate.engine.train.entries;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.lowrank.FactorPair;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.mask.adapter.Factors;
import java.util.Arrays;

/**
 * One matrix that changes by factors: {@code W = W0 + scale (B A - B0 A0)}, W0 its value in the parent version and B0, A0
 * the factors at the start. That is LoRA's W0 + scale B A, whose B0 is zero, and PiSSA's frozen rest + scale B A; and before
 * the first step it is W0 bit for bit.
 *
 * @param start B0 and A0
 * @param from where A, then B, begin in the trained values
 */
record LowRankMatrix(ParameterTensor tensor, FactorPair start, double scale, int from) {
    int size() {
        return start.a().length + start.b().length;
    }

    int startOfB() {
        return from + start.a().length;
    }

    int end() {
        return from + size();
    }

    private FactorPair factors(float[] values) {
        return new FactorPair(
                start.rank(),
                Arrays.copyOfRange(values, from, startOfB()),
                Arrays.copyOfRange(values, startOfB(), end()));
    }

    private boolean startsAtZero() {
        for (float value : start.b()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    void readStart(float[] into) {
        System.arraycopy(start.a(), 0, into, from, start.a().length);
        System.arraycopy(start.b(), 0, into, startOfB(), start.b().length);
    }

    /** Assigns the matrix that these factors stand for. */
    void assign(float[] values, FloatVector parent, FloatVector to) {
        int columns = tensor.columns();
        FactorPair now = factors(values);
        boolean fromZero = startsAtZero();
        float[] weights = new float[columns];
        float[] product = new float[columns];
        float[] before = new float[columns];
        for (int row = 0; row < tensor.rows(); row++) {
            int offset = tensor.offset() + row * columns;
            parent.get(offset, weights, 0, columns);
            now.row(row, product);
            if (!fromZero) {
                start.row(row, before);
            }
            for (int j = 0; j < columns; j++) {
                weights[j] += (float) (scale * (product[j] - before[j]));
            }
            to.put(offset, weights, 0, columns);
        }
    }

    /** Turns the gradient of the matrix into that of the factors: {@code dA = scale B^T dW}, {@code dB = scale dW A^T}. */
    void readGradient(FloatVector gradient, float[] values, float[] into) {
        int columns = tensor.columns();
        FactorPair now = factors(values);
        FactorPair sums = new FactorPair(now.rank(), new float[now.a().length], new float[now.b().length]);
        float[] dw = new float[columns];
        for (int row = 0; row < tensor.rows(); row++) {
            gradient.get(tensor.offset() + row * columns, dw, 0, columns);
            for (int j = 0; j < columns; j++) {
                dw[j] *= (float) scale;
            }
            now.backward(row, dw, sums.a(), sums.b());
        }
        System.arraycopy(sums.a(), 0, into, from, sums.a().length);
        System.arraycopy(sums.b(), 0, into, startOfB(), sums.b().length);
    }

    /** The change from the parent as an adapter states it; twice the rank where the start is not zero. */
    Factors change(float[] values) {
        FactorPair now = factors(values);
        FactorPair change = startsAtZero() ? now : now.minus(start);
        return new Factors(tensor.name(), change.rank(), scale, change.a(), change.b());
    }
}
