package io.tessellate.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;

/**
 * How far apart two ways of computing one number may come out: the one rule by which tests compare floating-point results.
 *
 * <p>Libraries add in the order that suits the processor's vectors, with or without fused multiplication, so the last bits
 * differ from one instruction set to the next. A result of n roundings, in any order, is off by at most
 * {@code min(n, 8 sqrt(n)) u M}: u is half the distance of 1 to the next number, M the sum of the absolute values of what
 * was added. The first bound is the worst case (Higham, Accuracy and Stability, ch. 3), the second holds but for one case in
 * 10^13 (Higham and Mary 2019, theorem 2.4, with lambda 8). Two results may differ by twice as much.
 *
 * <p>Where results are promised bit for bit, by the same library on the same kind of machine, tests compare bits instead.
 */
public final class Rounding {
    /** How many roundings exp, tanh, erf or a root count for, as kernels approximate them in single precision. */
    public static final int FUNCTION = 24;

    private static final double LAMBDA = 8;

    private final double unit;
    private final double terms;

    private Rounding(double unit, double terms) {
        this.unit = unit;
        this.terms = terms;
    }

    /** Results of so many roundings in single precision. */
    public static Rounding single(long terms) {
        return new Rounding(0x1p-24, terms);
    }

    /** Results of so many roundings in double precision. */
    public static Rounding twice(long terms) {
        return new Rounding(0x1p-53, terms);
    }

    /**
     * Results of a pass forward and backward: the roundings on the longest path through the layers, through sums over a
     * token's width, a row of attention, the vocabulary and at last all tokens. Of what is summed on the way only the
     * results are known, so the magnitude is that of the largest entry that is compared.
     *
     * @param tokens of a batch, whose parts of a weight's gradient are added up
     */
    public static Rounding pass(ModelConfig config, int length, int tokens) {
        Architecture architecture = config.architecture();
        long head = architecture.attention().normed() ? 2L * (config.headWidth() + FUNCTION) : 0;
        long cap = architecture.attention().softCap() > 0 ? FUNCTION + config.headWidth() : 0;
        long attention = config.hidden() + config.headWidth() + 2L * length + FUNCTION + config.hidden() + head + cap;
        long feedForward = config.hidden() + FUNCTION + config.intermediate();
        long norms = (architecture.normalisation().around() ? 4L : 2L) * (config.hidden() + FUNCTION);
        long layers = 2L * config.layers() * (attention + feedForward + norms);
        return single(layers + config.vocabulary() + FUNCTION + tokens);
    }

    /** The largest difference of two results of terms whose absolute values add up to so much. */
    public double bound(double magnitude) {
        return 2 * Math.min(terms, LAMBDA * Math.sqrt(terms)) * unit * magnitude;
    }

    /** The same, to be given to an assertion. */
    public Offset<Double> of(double magnitude) {
        return within(bound(magnitude));
    }

    /** Each result beside the one that is wanted; the magnitude is that of the largest. */
    public void assertClose(float[] actual, float[] expected) {
        assertClose(actual, widened(expected));
    }

    /** Each result beside the one that is wanted; the magnitude is that of the largest. */
    public void assertClose(float[] actual, double[] expected) {
        assertClose(widened(actual), expected);
    }

    /** Each result beside the one that is wanted; the magnitude is that of the largest. */
    public void assertClose(double[] actual, double[] expected) {
        double[] magnitudes = new double[expected.length];
        Arrays.fill(magnitudes, largest(expected));
        assertClose(actual, expected, magnitudes);
    }

    /** Each result beside the one that is wanted, with what its terms add up to without their signs. */
    public void assertClose(double[] actual, double[] expected, double[] magnitudes) {
        assertThat(actual).hasSameSizeAs(expected).hasSameSizeAs(magnitudes);
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]);
            // The comparison is put this way round because NaN must fail.
            if (!(difference <= bound(magnitudes[i]))) {
                fail("entry %d of %d is %s, not %s: %s apart, at most %s is rounding"
                        .formatted(i, expected.length, actual[i], expected[i], difference, bound(magnitudes[i])));
            }
        }
    }

    /** The largest absolute value. */
    public static double largest(double... values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    /** The largest absolute value. */
    public static double largest(float[] values) {
        return largest(widened(values));
    }

    /** The same numbers in double precision. */
    public static double[] widened(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
