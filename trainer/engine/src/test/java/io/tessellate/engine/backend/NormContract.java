package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.assertClose;
import static io.tessellate.engine.backend.KernelContract.assertSame;
import static io.tessellate.engine.backend.KernelContract.wide;

import io.tessellate.engine.Rounding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Normalisations of rows and their backward passes. */
interface NormContract extends KernelContract {
    @ParameterizedTest
    @CsvSource({"3,5", "7,64", "33,20", "130,31", "517,129", "2100,40", "3,5000"})
    default void aNormalisationAndItsBackwardPassAreExact(int rows, int columns) {
        double epsilon = 1e-5;
        Matrix x = random(rows, columns);
        Norm norm = new Norm(random(1, columns), random(1, columns));
        NormState state = new NormState(empty(rows, columns), empty(rows, 1));
        Matrix y = empty(rows, columns);
        backend().norms().norm(x, norm, (float) epsilon, state, y);
        double[][] rowsOf = ReferenceKernels.normalised(wide(x), columns, epsilon);
        double[] gain = wide(norm.gain());
        double[] shift = wide(norm.shift());
        double[] expected = new double[rows * columns];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = rowsOf[i / columns][i % columns] * gain[i % columns] + shift[i % columns];
        }
        Rounding ofRow = Rounding.single(3L * columns + Rounding.FUNCTION);
        assertClose(y, expected, ofRow);

        Matrix gradient = random(rows, columns);
        Norm sums = new Norm(random(1, columns), random(1, columns));
        double[] g = wide(gradient);
        double[] gainSums = wide(sums.gain());
        double[] shiftSums = ReferenceKernels.addRow(wide(sums.shift()), ReferenceKernels.columnSums(g, columns));
        double[][] magnitudes = normMagnitudes(g, rowsOf, gainSums, wide(sums.shift()));
        double[] slope = normSlope(g, rowsOf, gain, gainSums);
        backend().norms().normBackward(gradient, norm.gain(), state, sums);
        assertClose(gradient, slope, ofRow);
        Rounding.single(rows + 3L * columns + Rounding.FUNCTION)
                .assertClose(wide(sums.gain()), gainSums, magnitudes[0]);
        Rounding.single(rows + 1L).assertClose(wide(sums.shift()), shiftSums, magnitudes[1]);
    }

    /** What the gradients of gain and shift are added up from, without signs. */
    private static double[][] normMagnitudes(double[] g, double[][] normalised, double[] gains, double[] shifts) {
        double[][] magnitudes = {ReferenceKernels.absolute(gains), ReferenceKernels.absolute(shifts)};
        int columns = gains.length;
        for (int i = 0; i < g.length; i++) {
            magnitudes[0][i % columns] += Math.abs(g[i] * normalised[i / columns][i % columns]);
            magnitudes[1][i % columns] += Math.abs(g[i]);
        }
        return magnitudes;
    }

    private static double[] normSlope(double[] g, double[][] normalised, double[] gain, double[] gainSums) {
        int columns = gain.length;
        double[] slope = new double[g.length];
        for (int r = 0; r < normalised.length; r++) {
            double mean = 0;
            double meanProduct = 0;
            for (int c = 0; c < columns; c++) {
                double weighted = g[r * columns + c] * gain[c];
                mean += weighted / columns;
                meanProduct += weighted * normalised[r][c] / columns;
                gainSums[c] += g[r * columns + c] * normalised[r][c];
            }
            for (int c = 0; c < columns; c++) {
                double weighted = g[r * columns + c] * gain[c];
                slope[r * columns + c] = normalised[r][columns] * (weighted - mean - normalised[r][c] * meanProduct);
            }
        }
        return slope;
    }

    @Sizes
    default void aNormalisationMayBeComputedInPlaceAndKeepNothing(int rows, int columns) {
        Matrix x = random(rows, columns);
        Norm norm = new Norm(random(1, columns), random(1, columns));
        Matrix y = empty(rows, columns);
        backend().norms().norm(x, norm, 1e-5f, null, y);
        double[] expected = wide(y);
        backend().norms().norm(x, norm, 1e-5f, null, x);
        assertSame(x, expected);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,5", "33,64", "130,31", "3,5000"})
    default void rootMeanSquaresAreNormalisedAndTheirSlopeIsExact(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix gain = random(1, columns);
        Matrix y = empty(rows, columns);
        NormState state = new NormState(empty(rows, columns), empty(rows, 1));
        double[] in = wide(x);
        double[] g = wide(gain);
        backend().norms().rmsNorm(x, gain, 1e-5f, state, y);
        double[] inverse = new double[rows];
        double[] expected = new double[in.length];
        for (int r = 0; r < rows; r++) {
            double square = 0;
            for (int c = 0; c < columns; c++) {
                square += in[r * columns + c] * in[r * columns + c] / columns;
            }
            inverse[r] = 1 / Math.sqrt(square + 1e-5f);
            for (int c = 0; c < columns; c++) {
                expected[r * columns + c] = in[r * columns + c] * inverse[r] * g[c];
            }
        }
        Rounding ofRow = Rounding.single(3L * columns + Rounding.FUNCTION);
        assertClose(y, expected, ofRow);
        Matrix gradient = random(rows, columns);
        Matrix sums = random(1, columns);
        double[] dy = wide(gradient);
        double[] gains = wide(sums);
        double[] magnitudes = ReferenceKernels.absolute(gains);
        double[] dx = new double[in.length];
        double[] parts = new double[in.length];
        for (int r = 0; r < rows; r++) {
            double dot = 0;
            double absolute = 0;
            for (int c = 0; c < columns; c++) {
                int i = r * columns + c;
                gains[c] += dy[i] * in[i] * inverse[r];
                magnitudes[c] += Math.abs(dy[i] * in[i] * inverse[r]);
                dot += dy[i] * g[c] * in[i] * inverse[r] / columns;
                absolute += Math.abs(dy[i] * g[c] * in[i] * inverse[r] / columns);
            }
            for (int c = 0; c < columns; c++) {
                int i = r * columns + c;
                dx[i] = inverse[r] * (dy[i] * g[c] - in[i] * inverse[r] * dot);
                parts[i] = inverse[r] * (Math.abs(dy[i] * g[c]) + Math.abs(in[i] * inverse[r]) * absolute);
            }
        }
        backend().norms().rmsNormBackward(gradient, gain, state, sums);
        ofRow.assertClose(wide(gradient), dx, parts);
        Rounding.single(rows + 3L * columns + Rounding.FUNCTION).assertClose(wide(sums), gains, magnitudes);
        backend().norms().rmsNorm(x, gain, 1e-5f, null, x);
        assertSame(x, wide(y));
    }
}
