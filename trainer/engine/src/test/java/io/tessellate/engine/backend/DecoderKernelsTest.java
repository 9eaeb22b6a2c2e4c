package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The row kernels and the attention of decoders, held against their definitions in double precision. */
@Tag("numeric")
@Tag("kernel")
@ParameterizedClass
@ValueSource(strings = {Backends.HOST, Backends.ND4J})
class DecoderKernelsTest {
    private static final double STEP = 1e-5;

    private final Backend backend;
    private final FloatVector memory;
    private final Random random = new Random(17);
    private int used;

    DecoderKernelsTest(String name) {
        this.backend = Backends.open(name);
        this.memory = backend.memory().allocate(1 << 20);
        memory.fill(0, memory.size(), Float.NaN);
    }

    @AfterEach
    void freeMemory() {
        memory.close();
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    private Matrix empty(int rows, int columns) {
        Matrix matrix = backend.memory().matrix(memory, used, rows, columns);
        used += matrix.size() + 3;
        return matrix;
    }

    private Matrix random(int rows, int columns) {
        Matrix matrix = empty(rows, columns);
        float[] values = new float[matrix.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1.5 * random.nextGaussian());
        }
        matrix.put(values);
        return matrix;
    }

    private static double[] wide(Matrix matrix) {
        float[] values = new float[matrix.size()];
        matrix.get(values);
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** By the largest entry. */
    private static void assertClose(Matrix actual, double[] expected, Rounding rounding) {
        rounding.assertClose(wide(actual), expected);
    }

    private static void assertSame(Matrix actual, double[] expected) {
        assertThat(wide(actual))
                .usingElementComparator(DecoderKernelsTest::unsigned)
                .containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,5", "33,64", "130,31", "3,5000"})
    void rootMeanSquaresAreNormalisedAndTheirSlopeIsExact(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix gain = random(1, columns);
        Matrix y = empty(rows, columns);
        NormState state = new NormState(empty(rows, columns), empty(rows, 1));
        double[] in = wide(x);
        double[] g = wide(gain);
        backend.norms().rmsNorm(x, gain, 1e-5f, state, y);
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
        backend.norms().rmsNormBackward(gradient, gain, state, sums);
        ofRow.assertClose(wide(gradient), dx, parts);
        Rounding.single(rows + 3L * columns + Rounding.FUNCTION).assertClose(wide(sums), gains, magnitudes);
        backend.norms().rmsNorm(x, gain, 1e-5f, null, x);
        assertSame(x, wide(y));
    }

    /** Zeros are equal whatever their sign. */
    private static int unsigned(double a, double b) {
        return a == b ? 0 : Double.compare(a, b);
    }

    private static double tanhGelu(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    private static double slope(DoubleUnaryOperator function, double x) {
        return (function.applyAsDouble(x + STEP) - function.applyAsDouble(x - STEP)) / (2 * STEP);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,5", "130,31", "3,5000"})
    void activationsAndTheirSlopesAreExact(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix y = empty(rows, columns);
        double[] in = wide(x);
        backend.activations().tanhGelu(x, y);
        assertClose(
                y, Arrays.stream(in).map(DecoderKernelsTest::tanhGelu).toArray(), Rounding.single(Rounding.FUNCTION));
        Matrix gradient = random(rows, columns);
        double[] dy = wide(gradient);
        backend.activations().tanhGeluBackward(x, gradient);
        assertClose(
                gradient,
                products(dy, in, v -> slope(DecoderKernelsTest::tanhGelu, v)),
                Rounding.single(2L * Rounding.FUNCTION));

        backend.activations().relu(x, y);
        assertSame(y, Arrays.stream(in).map(v -> Math.max(v, 0)).toArray());
        Matrix other = random(rows, columns);
        dy = wide(other);
        backend.activations().reluBackward(x, other);
        assertThat(wide(other))
                .usingElementComparator(DecoderKernelsTest::unsigned)
                .containsExactly(products(dy, in, v -> v > 0 ? 1 : 0));
        backend.activations().tanhGelu(x, x);
        assertClose(
                x, Arrays.stream(in).map(DecoderKernelsTest::tanhGelu).toArray(), Rounding.single(Rounding.FUNCTION));
    }

    private static double[] products(double[] a, double[] x, DoubleUnaryOperator slope) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> a[i] * slope.applyAsDouble(x[i]))
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "7,5", "130,31", "3,2500"})
    void aGateAndItsSlopeAreExact(int rows, int columns) {
        Matrix x = random(rows, 2 * columns);
        Matrix y = empty(rows, columns);
        Matrix gradient = random(rows, columns);
        Matrix dx = empty(rows, 2 * columns);
        double[] in = wide(x);
        double[] dy = wide(gradient);
        double[] expected = new double[rows * columns];
        double[] slopes = new double[in.length];
        for (int i = 0; i < expected.length; i++) {
            int gate = i / columns * 2 * columns + i % columns;
            double up = in[gate + columns];
            expected[i] = silu(in[gate]) * up;
            slopes[gate] = dy[i] * up * slope(DecoderKernelsTest::silu, in[gate]);
            slopes[gate + columns] = dy[i] * silu(in[gate]);
        }
        backend.activations().siluGate(x, y);
        assertClose(y, expected, Rounding.single(Rounding.FUNCTION));
        backend.activations().siluGateBackward(x, gradient, dx);
        assertClose(dx, slopes, Rounding.single(2L * Rounding.FUNCTION));
    }

    @Test
    void rotationsTurnTheLeadingHeadsAndBack() {
        int rows = 70;
        Matrix x = random(rows, 5 * 6);
        double[] before = wide(x);
        Matrix cos = empty(rows, 3);
        Matrix sin = empty(rows, 3);
        float[] angles = new float[rows * 3];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = (float) (6 * random.nextDouble());
        }
        float[] values = new float[angles.length];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.cos(angles[i]));
        cos.put(values);
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(angles[i]));
        sin.put(values);
        Rotation rotation = new Rotation(cos, sin, 4, 6);
        double[] expected = before.clone();
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < 4; h++) {
                for (int i = 0; i < 3; i++) {
                    int left = r * 30 + h * 6 + i;
                    double angle = angles[r * 3 + i];
                    expected[left] = before[left] * Math.cos(angle) - before[left + 3] * Math.sin(angle);
                    expected[left + 3] = before[left + 3] * Math.cos(angle) + before[left] * Math.sin(angle);
                }
            }
        }
        backend.attention().rotate(x, rotation, false);
        assertClose(x, expected, Rounding.single(5));
        backend.attention().rotate(x, rotation, true);
        assertClose(x, before, Rounding.single(10));
    }

    @ParameterizedTest
    @CsvSource({
        "3,9,4,2,5,0,true",
        "2,7,6,1,3,3,true",
        "1,70,2,2,5,0,true",
        "2,70,4,2,4,5,true",
        "2,70,4,2,3,5,true",
        "3,8,4,2,6,0,false",
        "1,70,4,2,3,0,false",
        "1,150,2,1,4,40,true",
        "2,150,2,2,3,0,true"
    })
    void attentionSharesKeysAndSeesWhatIsInReach(
            int batch, int length, int heads, int shared, int width, int window, boolean causal) {
        Reach reach = window > 0 ? Reach.window(window) : causal ? Reach.CAUSAL : Reach.ALL;
        HeadShape shape = new HeadShape(batch, length, heads, shared, width, reach, 0.7f);
        ProbabilityDropout dropout = new ProbabilityDropout(width % 2 == 0 ? 0.3 : 0, 5, 2);
        int[] lengths = new int[batch];
        Arrays.setAll(lengths, b -> Math.max(1, length - 3 * b));
        Matrix projections = random(shape.tokens(), shape.projectionColumns());
        Matrix contextGradient = random(shape.tokens(), shape.contextColumns());
        clearPadding(contextGradient, shape, lengths);
        Attention attention = backend.attention()
                .attention(
                        shape,
                        projections,
                        empty(shape.scoreRows(), length),
                        empty(shape.tokens(), shape.contextColumns()));
        Attention gradients = backend.attention()
                .attention(
                        shape,
                        empty(shape.tokens(), shape.projectionColumns()),
                        empty(shape.scoreRows(), length),
                        contextGradient);
        backend.attention().attend(attention, lengths, dropout);
        backend.attention().attendBackward(attention, lengths, dropout, gradients);
        ReferenceAttention reference = new ReferenceAttention(shape, dropout, wide(projections), wide(contextGradient));
        for (int b = 0; b < batch; b++) {
            reference.run(b, lengths[b]);
        }
        // Scores, the softmax of a row, what it weighs, and back.
        Rounding rounding = Rounding.single(2L * (width + 2L * length + Rounding.FUNCTION));
        double[] context = wide(attention.context());
        for (int b = 0; b < batch; b++) {
            int from = b * length * shape.contextColumns();
            int live = lengths[b] * shape.contextColumns();
            rounding.assertClose(
                    Arrays.copyOfRange(context, from, from + live),
                    Arrays.copyOfRange(reference.context(), from, from + live));
            assertThat(Arrays.stream(context, from + live, from + length * shape.contextColumns()))
                    .allMatch(Double::isFinite);
        }
        assertClose(gradients.projections(), reference.projectionGradient(), rounding);
        if (causal && !dropout.active()) {
            theLastTokenAloneSeesTheSame(shape, lengths, projections, reference.context());
        }
    }

    private void theLastTokenAloneSeesTheSame(HeadShape shape, int[] lengths, Matrix projections, double[] context) {
        KeyValues past = new KeyValues(shape, empty(shape.tokens(), 2 * shape.keyValueHeads() * shape.width()));
        past.rows().clear();
        int[] real = IntStream.range(0, shape.tokens())
                .filter(row -> row % shape.length() < lengths[row / shape.length()])
                .toArray();
        backend.attention().keep(projections, real, past, real);
        int[] last = IntStream.range(0, shape.batch())
                .map(b -> b * shape.length() + lengths[b] - 1)
                .toArray();
        Matrix next = empty(shape.batch(), shape.projectionColumns());
        backend.rows().gatherRows(projections, last, next, false);
        Matrix result = empty(shape.batch(), shape.contextColumns());
        backend.attention().attendNext(next, past, lengths, result);
        double[] expected = new double[result.size()];
        for (int b = 0; b < last.length; b++) {
            System.arraycopy(
                    context,
                    last[b] * shape.contextColumns(),
                    expected,
                    b * shape.contextColumns(),
                    shape.contextColumns());
        }
        long roundings = shape.width() + 2L * shape.length() + Rounding.FUNCTION;
        assertClose(result, expected, Rounding.single(roundings));
    }

    private static void clearPadding(Matrix matrix, HeadShape shape, int[] lengths) {
        float[] values = new float[matrix.size()];
        matrix.get(values);
        int columns = matrix.columns();
        for (int b = 0; b < shape.batch(); b++) {
            int end = (b + 1) * shape.length() * columns;
            Arrays.fill(values, (b * shape.length() + lengths[b]) * columns, end, 0f);
        }
        matrix.put(values);
    }

    @Test
    void aVectorIsFilledInPartsFromASource() {
        try (FloatVector vector = backend.memory().allocate(300_000)) {
            vector.fillFrom(5, 299_990, (first, count, target) -> {
                for (int i = first; i < first + count; i++) {
                    target.put(i);
                }
            });
            float[] values = vector.toArray(0, 300_000);
            assertThat(values[4]).isZero();
            assertThat(values[5 + 299_989]).isEqualTo(299_989f);
            assertThat(values[299_995]).isZero();
            assertThat(IntStream.range(0, 299_990)).allMatch(i -> values[5 + i] == i);
        }
    }
}
