package io.tessellate.engine.backend.nd4j;

import static io.tessellate.engine.backend.nd4j.Nd4jOperations.into;
import static io.tessellate.engine.backend.nd4j.Nd4jOperations.rowMeans;
import static io.tessellate.engine.backend.nd4j.Nd4jOperations.vector;
import static io.tessellate.engine.backend.nd4j.Nd4jProducts.array;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.NormState;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;

/** Normalisations of ND4J operations. */
final class Nd4jNorms implements NormKernels {
    @Override
    public void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y) {
        INDArray in = array(x);
        try (INDArray centred = Nd4j.create(DataType.FLOAT, in.shape(), 'c');
                INDArray squares = Nd4j.create(DataType.FLOAT, in.shape(), 'c');
                INDArray mean = rowMeans(in)) {
            into("subtract", centred, in, mean);
            centred.muli(centred, squares);
            try (INDArray inverse = rowMeans(squares)) {
                inverse.addi(epsilon);
                Nd4j.exec(new RSqrt(inverse, inverse));
                into("multiply", centred, centred, inverse);
                if (state != null) {
                    array(state.normalised()).assign(centred);
                    array(state.inverseDeviation()).assign(inverse);
                }
            }
            into("multiply", array(y), centred, vector(norm.gain()));
            if (norm.shift() != null) {
                into("biasadd", array(y), array(y), vector(norm.shift()));
            }
        }
    }

    @Override
    public void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters) {
        INDArray g = array(gradient);
        INDArray normalised = array(state.normalised());
        try (INDArray products = g.mul(normalised)) {
            if (parameters != null) {
                if (parameters.shift() != null) {
                    Nd4jOperations.addColumnSums(g, array(parameters.shift()));
                }
                Nd4jOperations.addColumnSums(products, array(parameters.gain()));
            }
            into("multiply", g, g, vector(gain));
            g.muli(normalised, products);
            try (INDArray meanG = rowMeans(g);
                    INDArray meanGx = rowMeans(products)) {
                into("multiply", products, normalised, meanGx);
                g.subi(products);
                into("subtract", g, g, meanG);
                into("multiply", g, g, array(state.inverseDeviation()));
            }
        }
    }

    @Override
    public void rmsNorm(Matrix x, Rms norm, @Nullable NormState state, Matrix y) {
        rmsNorm(array(x), norm, state, array(y));
    }

    private static void rmsNorm(INDArray in, Rms norm, @Nullable NormState state, INDArray y) {
        try (INDArray normalised = in.mul(in);
                INDArray inverse = rowMeans(normalised)) {
            inverse.addi(norm.epsilon());
            Nd4j.exec(new RSqrt(inverse, inverse));
            into("multiply", normalised, in, inverse);
            if (state != null) {
                array(state.normalised()).assign(normalised);
                array(state.inverseDeviation()).assign(inverse);
            }
            timesGain(normalised, norm, y);
        }
    }

    private static void timesGain(INDArray x, Rms norm, INDArray y) {
        if (norm.offset() == 0) {
            into("multiply", y, x, vector(norm.gain()));
            return;
        }
        try (INDArray gain = vector(norm.gain()).add(norm.offset())) {
            into("multiply", y, x, gain);
        }
    }

    @Override
    public void rmsNormBackward(Matrix gradient, Rms norm, NormState state, @Nullable Matrix gainSums) {
        rmsNormBackward(array(gradient), norm, state, gainSums);
    }

    private static void rmsNormBackward(INDArray g, Rms norm, NormState state, @Nullable Matrix gainSums) {
        INDArray normalised = array(state.normalised());
        try (INDArray products = g.mul(normalised)) {
            if (gainSums != null) {
                Nd4jOperations.addColumnSums(products, array(gainSums));
            }
            timesGain(g, norm, g);
            g.muli(normalised, products);
            try (INDArray meanGx = rowMeans(products)) {
                into("multiply", products, normalised, meanGx);
                g.subi(products);
                into("multiply", g, g, array(state.inverseDeviation()));
            }
        }
    }

    @Override
    public void rmsNormHeads(Matrix x, HeadShape.Columns heads, Rms norm, @Nullable NormState state) {
        INDArray where = Nd4jAttention.heads(x, heads, norm.gain().columns());
        try (INDArray taken = where.dup('c')) {
            INDArray rows = taken.reshape(
                    'c', taken.length() / norm.gain().columns(), norm.gain().columns());
            rmsNorm(rows, norm, state, rows);
            where.assign(taken);
        }
    }

    @Override
    public void rmsNormHeadsBackward(
            Matrix gradient, HeadShape.Columns heads, Rms norm, NormState state, @Nullable Matrix gainSums) {
        INDArray where = Nd4jAttention.heads(gradient, heads, norm.gain().columns());
        try (INDArray taken = where.dup('c')) {
            INDArray rows = taken.reshape(
                    'c', taken.length() / norm.gain().columns(), norm.gain().columns());
            rmsNormBackward(rows, norm, state, gainSums);
            where.assign(taken);
        }
    }
}
