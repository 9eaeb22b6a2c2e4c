package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.assertClose;
import static io.tessellate.engine.backend.KernelContract.assertSame;
import static io.tessellate.engine.backend.KernelContract.wide;
import static org.assertj.core.api.Assertions.assertThat;

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

    @ParameterizedTest
    @CsvSource({"3,5", "33,20", "517,129"})
    default void aNormalisationWithoutAShiftIsOneWithAShiftOfZero(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix gain = random(1, columns);
        Matrix zero = empty(1, columns);
        zero.clear();
        NormState state = new NormState(empty(rows, columns), empty(rows, 1));
        Matrix y = empty(rows, columns);
        Matrix expected = empty(rows, columns);
        backend().norms().norm(x, new Norm(gain, zero), 1e-5f, null, expected);
        backend().norms().norm(x, new Norm(gain, null), 1e-5f, state, y);
        assertSame(y, wide(expected));

        Matrix gradient = random(rows, columns);
        Matrix same = empty(rows, columns);
        float[] values = new float[gradient.size()];
        gradient.get(values);
        same.put(values);
        Matrix gains = empty(1, columns);
        gains.clear();
        Matrix expectedGains = empty(1, columns);
        expectedGains.clear();
        backend().norms().normBackward(same, gain, state, new Norm(expectedGains, zero));
        backend().norms().normBackward(gradient, gain, state, new Norm(gains, null));
        assertSame(gradient, wide(same));
        assertSame(gains, wide(expectedGains));
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
    @CsvSource({"1,1,0", "7,5,1", "33,64,0", "130,31,1", "3,5000,0"})
    default void rootMeanSquaresAreNormalisedAndTheirSlopeIsExact(int rows, int columns, float offset) {
        Matrix x = random(rows, columns);
        NormKernels.Rms norm = new NormKernels.Rms(random(1, columns), offset, 1e-5f);
        Matrix y = empty(rows, columns);
        NormState state = new NormState(empty(rows, columns), empty(rows, 1));
        RmsReference reference = RmsReference.of(wide(x), norm);
        backend().norms().rmsNorm(x, norm, state, y);
        Rounding ofRow = Rounding.single(3L * columns + Rounding.FUNCTION);
        assertClose(y, reference.result(), ofRow);
        Matrix gradient = random(rows, columns);
        Matrix sums = random(1, columns);
        RmsReference.Slopes slopes = reference.slopes(wide(gradient), wide(sums));
        backend().norms().rmsNormBackward(gradient, norm, state, sums);
        slopes.compare(wide(gradient), wide(sums));
        backend().norms().rmsNorm(x, norm, null, x);
        assertSame(x, wide(y));
    }

    /** Heads of a row beside each other, and with others between them; what is no such head stays as it is. */
    @ParameterizedTest
    @CsvSource({"1,5,0,3,5,17,0", "70,6,4,2,18,40,1", "9,64,64,20,64,1500,0", "300,7,0,4,21,90,1"})
    default void headsAreNormalisedEachByItself(
            int rows, int width, int first, int count, int stride, int columns, float offset) {
        HeadShape.Columns heads = new HeadShape.Columns(first, count, stride);
        Matrix x = random(rows, columns);
        double[] before = wide(x);
        NormKernels.Rms norm = new NormKernels.Rms(random(1, width), offset, 1e-5f);
        NormState state = new NormState(empty(rows * count, width), empty(rows * count, 1));
        RmsReference reference = RmsReference.of(taken(before, columns, heads, width), norm);
        backend().norms().rmsNormHeads(x, heads, norm, state);
        double[] after = wide(x);
        Rounding.single(3L * width + Rounding.FUNCTION)
                .assertClose(taken(after, columns, heads, width), reference.result());
        assertOthersAreAsBefore(after, before, columns, heads, width);

        Matrix gradient = random(rows, columns);
        double[] above = wide(gradient);
        Matrix sums = random(1, width);
        RmsReference.Slopes slopes = reference.slopes(taken(above, columns, heads, width), wide(sums));
        backend().norms().rmsNormHeadsBackward(gradient, heads, norm, state, sums);
        slopes.compare(taken(wide(gradient), columns, heads, width), wide(sums));
        assertOthersAreAsBefore(wide(gradient), above, columns, heads, width);

        x.put(floats(before));
        backend().norms().rmsNormHeads(x, heads, norm, null);
        assertSame(x, after);
    }

    /** Heads one behind the other. */
    private static double[] taken(double[] x, int columns, HeadShape.Columns heads, int width) {
        int rows = x.length / columns;
        double[] taken = new double[rows * heads.count() * width];
        for (int i = 0; i < taken.length; i++) {
            int head = i / width % heads.count();
            taken[i] = x[i / (heads.count() * width) * columns + heads.first() + head * heads.stride() + i % width];
        }
        return taken;
    }

    private static void assertOthersAreAsBefore(
            double[] after, double[] before, int columns, HeadShape.Columns heads, int width) {
        double[] rest = after.clone();
        for (int i = 0; i < before.length; i++) {
            int behind = i % columns - heads.first();
            boolean head = behind >= 0 && behind / heads.stride() < heads.count() && behind % heads.stride() < width;
            rest[i] = head ? before[i] : after[i];
        }
        assertThat(rest).isEqualTo(before);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
