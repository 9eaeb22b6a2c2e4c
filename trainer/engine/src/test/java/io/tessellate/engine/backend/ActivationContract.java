package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.assertClose;
import static io.tessellate.engine.backend.KernelContract.assertSame;
import static io.tessellate.engine.backend.KernelContract.wide;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The functions inside feed-forward blocks and their slopes. */
interface ActivationContract extends KernelContract {
    Rounding FORWARD = Rounding.single(Rounding.FUNCTION);
    Rounding BACKWARD = Rounding.single(2L * Rounding.FUNCTION);

    @Sizes
    default void geluAndItsSlopeAreExact(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix bias = random(1, columns);
        Matrix y = empty(rows, columns);
        double[] biased = ReferenceKernels.addRow(wide(x), wide(bias));
        backend().activations().biasGelu(x, bias, y);
        assertClose(x, biased, Rounding.single(1));
        assertClose(y, Arrays.stream(biased).map(ReferenceKernels::gelu).toArray(), FORWARD);
        Matrix gradient = random(rows, columns);
        double[] expected = products(wide(gradient), biased, ReferenceKernels::geluSlope);
        backend().activations().geluBackward(x, gradient);
        assertClose(gradient, expected, BACKWARD);
    }

    @Sizes
    default void geluMayBeComputedInPlace(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix bias = random(1, columns);
        double[] biased = ReferenceKernels.addRow(wide(x), wide(bias));
        backend().activations().biasGelu(x, bias, x);
        assertClose(x, Arrays.stream(biased).map(ReferenceKernels::gelu).toArray(), FORWARD);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,5", "130,31", "3,5000"})
    default void theApproximatedGeluAndItsSlopeAreExact(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix y = empty(rows, columns);
        double[] in = wide(x);
        double[] expected = Arrays.stream(in).map(ReferenceKernels::tanhGelu).toArray();
        backend().activations().tanhGelu(x, y);
        assertClose(y, expected, FORWARD);
        Matrix gradient = random(rows, columns);
        double[] dy = wide(gradient);
        backend().activations().tanhGeluBackward(x, gradient);
        assertClose(gradient, products(dy, in, ReferenceKernels.slope(ReferenceKernels::tanhGelu)), BACKWARD);
        backend().activations().tanhGelu(x, x);
        assertClose(x, expected, FORWARD);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,5", "130,31", "3,5000"})
    default void whatIsNegativeIsCutOffAndHasNoSlope(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix y = empty(rows, columns);
        double[] in = wide(x);
        double[] expected = Arrays.stream(in).map(v -> Math.max(v, 0)).toArray();
        backend().activations().relu(x, y);
        assertSame(y, expected);
        Matrix gradient = random(rows, columns);
        double[] dy = wide(gradient);
        backend().activations().reluBackward(x, gradient);
        assertSame(gradient, products(dy, in, v -> v > 0 ? 1 : 0));
        backend().activations().relu(x, x);
        assertSame(x, expected);
    }

    @ParameterizedTest
    @EnumSource
    default void aGateAndItsSlopeAreExact(ActivationKernels.Gate function) {
        for (int[] size : new int[][] {{1, 1}, {7, 5}, {130, 31}, {3, 2500}}) {
            checkGate(function, size[0], size[1]);
        }
    }

    private void checkGate(ActivationKernels.Gate gate, int rows, int columns) {
        Matrix x = random(rows, 2 * columns);
        Matrix y = empty(rows, columns);
        Matrix gradient = random(rows, columns);
        Matrix dx = empty(rows, 2 * columns);
        double[] in = wide(x);
        double[] dy = wide(gradient);
        double[] expected = new double[rows * columns];
        double[] slopes = new double[in.length];
        DoubleUnaryOperator function = function(gate);
        DoubleUnaryOperator slope = ReferenceKernels.slope(function);
        for (int i = 0; i < expected.length; i++) {
            int left = i / columns * 2 * columns + i % columns;
            double up = in[left + columns];
            expected[i] = function.applyAsDouble(in[left]) * up;
            slopes[left] = dy[i] * up * slope.applyAsDouble(in[left]);
            slopes[left + columns] = dy[i] * function.applyAsDouble(in[left]);
        }
        backend().activations().gate(gate, x, y);
        assertClose(y, expected, FORWARD);
        backend().activations().gateBackward(gate, x, gradient, dx);
        assertClose(dx, slopes, BACKWARD);
    }

    private static DoubleUnaryOperator function(ActivationKernels.Gate gate) {
        return switch (gate) {
            case SILU -> ReferenceKernels::silu;
            case GELU -> ReferenceKernels::gelu;
            case TANH_GELU -> ReferenceKernels::tanhGelu;
        };
    }

    /** From values that a cap leaves nearly as they are to those far beyond it. */
    @ParameterizedTest
    @CsvSource({"7,5,50", "130,31,0.3", "3,5000,2"})
    default void aSoftCapAndItsSlopeAreExact(int rows, int columns, float cap) {
        Matrix x = random(rows, columns);
        Matrix gradient = random(rows, columns);
        double[] expected =
                Arrays.stream(wide(x)).map(v -> cap * Math.tanh(v / cap)).toArray();
        double[] slopes = products(wide(gradient), expected, y -> 1 - y / cap * (y / cap));
        backend().activations().softCap(x, cap);
        assertClose(x, expected, FORWARD);
        backend().activations().softCapBackward(x, gradient, cap);
        assertClose(gradient, slopes, BACKWARD);
        assertClose(x, expected, FORWARD);
    }

    private static double[] products(double[] a, double[] x, DoubleUnaryOperator slope) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> a[i] * slope.applyAsDouble(x[i]))
                .toArray();
    }
}
