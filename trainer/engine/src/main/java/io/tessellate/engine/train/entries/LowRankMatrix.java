package io.tessellate.engine.train.entries;

import io.tessellate.engine.lowrank.FactorPair;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.ParameterVector;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.adapter.Factors;
import java.util.Arrays;

/**
 * One matrix that changes by factors: {@code W = W0 + scale (B A - B0 A0)}, W0 its value in the parent version and B0, A0
 * the factors at the start. That is LoRA's W0 + scale B A, whose B0 is zero, and PiSSA's frozen rest + scale B A; and before
 * the first step it is W0 bit for bit.
 *
 * @param start B0 and A0
 * @param block which of the trained values are A, then B
 */
record LowRankMatrix(ParameterTensor tensor, FactorPair start, double scale, int block) {
    int size() {
        return start.a().length + start.b().length;
    }

    int startOfB() {
        return start.a().length;
    }

    private FactorPair factors(FloatBlocks values) {
        float[] both = values.block(block);
        return new FactorPair(
                start.rank(), Arrays.copyOfRange(both, 0, startOfB()), Arrays.copyOfRange(both, startOfB(), size()));
    }

    private boolean startsAtZero() {
        for (float value : start.b()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    void readStart(FloatBlocks into) {
        write(start, into);
    }

    private void write(FactorPair factors, FloatBlocks into) {
        System.arraycopy(factors.a(), 0, into.block(block), 0, factors.a().length);
        System.arraycopy(factors.b(), 0, into.block(block), startOfB(), factors.b().length);
    }

    /** Assigns the matrix that these factors stand for. */
    void assign(FloatBlocks values, ParameterVector parent, ParameterVector to) {
        int columns = tensor.columns();
        FactorPair now = factors(values);
        boolean fromZero = startsAtZero();
        float[] weights = new float[columns];
        float[] product = new float[columns];
        float[] before = new float[columns];
        for (int row = 0; row < tensor.rows(); row++) {
            long place = tensor.offset() + (long) row * columns;
            parent.get(place, weights, 0, columns);
            now.row(row, product);
            if (!fromZero) {
                start.row(row, before);
            }
            for (int j = 0; j < columns; j++) {
                weights[j] += (float) (scale * (product[j] - before[j]));
            }
            to.put(place, weights, 0, columns);
        }
    }

    /** Turns the gradient of the matrix into that of the factors: {@code dA = scale B^T dW}, {@code dB = scale dW A^T}. */
    void readGradient(ParameterVector gradient, FloatBlocks values, FloatBlocks into) {
        int columns = tensor.columns();
        FactorPair now = factors(values);
        FactorPair sums = new FactorPair(now.rank(), new float[now.a().length], new float[now.b().length]);
        float[] dw = new float[columns];
        for (int row = 0; row < tensor.rows(); row++) {
            gradient.get(tensor.offset() + (long) row * columns, dw, 0, columns);
            for (int j = 0; j < columns; j++) {
                dw[j] *= (float) scale;
            }
            now.backward(row, dw, sums.a(), sums.b());
        }
        write(sums, into);
    }

    /** The change from the parent as an adapter states it; twice the rank where the start is not zero. */
    Factors change(FloatBlocks values) {
        FactorPair now = factors(values);
        FactorPair change = startsAtZero() ? now : now.minus(start);
        return new Factors(tensor.name(), change.rank(), scale, change.a(), change.b());
    }
}
