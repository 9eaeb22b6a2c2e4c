package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend must compute, held against slow references at even and odd sizes, blocks and tails. */
@Tag("numeric")
@Tag("kernel")
@ParameterizedClass
@ValueSource(strings = {Backends.HOST, Backends.ND4J})
class BackendContractTest {
    private static final String SIZES = "1,1 / 3,5 / 7,64 / 33,20 / 130,31 / 517,129 / 3,5000 / 2100,40";

    private final Backend backend;
    private final FloatVector memory;
    private final Random random = new Random(11);
    private int used;

    BackendContractTest(String name) {
        this.backend = Backends.open(name);
        this.memory = backend.memory().allocate(1 << 20);
        // Whatever an operation does not overwrite would show.
        memory.fill(0, memory.size(), Float.NaN);
    }

    @AfterEach
    void freeMemory() {
        memory.close();
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    static Stream<Arguments> sizes() {
        return Arrays.stream(SIZES.split(" / "))
                .map(size -> Arguments.of(Integer.parseInt(size.split(",")[0]), Integer.parseInt(size.split(",")[1])));
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
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** By the largest entry. */
    private static void assertClose(Matrix actual, double[] expected, Rounding rounding) {
        rounding.assertClose(wide(actual), expected);
    }

    private static void assertSame(Matrix actual, double[] expected) {
        assertThat(wide(actual)).containsExactly(expected);
    }

    private static double[] doubled(double[] values) {
        return Arrays.stream(values).map(x -> 2 * x).toArray();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,7", "20,33,11", "64,64,64", "129,40,257"})
    void aProductOverwritesOrAddsInEveryForm(int m, int k, int n) {
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                used = 0;
                Matrix a = random(ta ? k : m, ta ? m : k);
                Matrix b = random(tb ? n : k, tb ? k : n);
                Matrix c = empty(m, n);
                c.put(filled(c.size(), Float.NaN));
                Product product = new Product(ta, tb, false);
                double[] expected = ReferenceKernels.product(wide(a), ta, wide(b), tb, m, k, n);
                backend.products().multiply(product, a, b, c);
                double[] magnitudes = ReferenceKernels.product(
                        ReferenceKernels.absolute(wide(a)), ta, ReferenceKernels.absolute(wide(b)), tb, m, k, n);
                Rounding.single(k).assertClose(wide(c), expected, magnitudes);
                backend.products().multiply(product.accumulating(), a, b, c);
                Rounding.single(2L * k).assertClose(wide(c), doubled(expected), doubled(magnitudes));
            }
        }
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1,1",
        "3,7,2,10",
        "2,16,3,8",
        "4,33,2,32",
        "5,20,4,5",
        "1,70,1,64",
        "3,70,2,4",
        "2,80,2,12",
        "1,140,1,3"
    })
    void attentionAndItsBackwardPassLeaveOutPadding(int batch, int length, int heads, int width) {
        HeadShape shape = new HeadShape(batch, length, heads, width);
        ProbabilityDropout dropout = new ProbabilityDropout(width % 2 == 0 ? 0.3 : 0, 5, 2);
        int[] lengths = new int[batch];
        // Much padding everywhere but in the longest: both ways of computing long sequences.
        int step = length == 80 ? 1 : Math.max(1, length * 3 / 7);
        Arrays.setAll(lengths, b -> Math.max(1, length - b * step));
        Matrix projections = random(shape.tokens(), 3 * heads * width);
        Matrix contextGradient = random(shape.tokens(), heads * width);
        clearPadding(contextGradient, shape, lengths);
        Attention attention = backend.attention()
                .attention(shape, projections, empty(shape.scoreRows(), length), empty(shape.tokens(), heads * width));
        Attention gradients = backend.attention()
                .attention(
                        shape,
                        empty(shape.tokens(), 3 * heads * width),
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
            int from = b * length * heads * width;
            int live = lengths[b] * heads * width;
            rounding.assertClose(
                    Arrays.copyOfRange(context, from, from + live),
                    Arrays.copyOfRange(reference.context(), from, from + live));
            assertThat(Arrays.stream(context, from + live, from + length * heads * width))
                    .allMatch(Double::isFinite);
        }
        assertClose(gradients.projections(), reference.projectionGradient(), rounding);
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

    @ParameterizedTest
    @MethodSource("sizes")
    void biasesAndResidualsAreAddedToEveryRow(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix bias = random(1, columns);
        Matrix residual = random(rows, columns);
        double[] once = ReferenceKernels.addRow(wide(x), wide(bias));
        backend.rows().addBias(x, bias);
        assertClose(x, once, Rounding.single(1));
        double[] twice = ReferenceKernels.addRow(ReferenceKernels.addRow(once, wide(bias)), wide(residual));
        backend.rows().addBiasAndResidual(x, bias, residual);
        assertClose(x, twice, Rounding.single(3));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void columnSumsAreAddedToWhatIsThere(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix sums = random(1, columns);
        double[] before = wide(sums);
        double[] expected = ReferenceKernels.addRow(before, ReferenceKernels.columnSums(wide(x), columns));
        backend.rows().addColumnSums(x, sums);
        double[] magnitudes = ReferenceKernels.addRow(
                ReferenceKernels.absolute(before),
                ReferenceKernels.columnSums(ReferenceKernels.absolute(wide(x)), columns));
        Rounding.single(rows + 1L).assertClose(wide(sums), expected, magnitudes);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void geluAndItsSlopeAreExact(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix bias = random(1, columns);
        Matrix y = empty(rows, columns);
        double[] biased = ReferenceKernels.addRow(wide(x), wide(bias));
        backend.activations().biasGelu(x, bias, y);
        assertClose(x, biased, Rounding.single(1));
        assertClose(y, Arrays.stream(biased).map(ReferenceKernels::gelu).toArray(), Rounding.single(Rounding.FUNCTION));
        Matrix gradient = random(rows, columns);
        double[] expected = wide(gradient);
        for (int i = 0; i < expected.length; i++) {
            expected[i] *= ReferenceKernels.geluSlope(biased[i]);
        }
        backend.activations().geluBackward(x, gradient);
        assertClose(gradient, expected, Rounding.single(2L * Rounding.FUNCTION));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void geluMayBeComputedInPlace(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix bias = random(1, columns);
        double[] biased = ReferenceKernels.addRow(wide(x), wide(bias));
        backend.activations().biasGelu(x, bias, x);
        assertClose(x, Arrays.stream(biased).map(ReferenceKernels::gelu).toArray(), Rounding.single(Rounding.FUNCTION));
    }

    @ParameterizedTest
    @CsvSource({"3,5", "7,64", "33,20", "130,31", "517,129", "2100,40", "3,5000"})
    void aNormalisationAndItsBackwardPassAreExact(int rows, int columns) {
        double epsilon = 1e-5;
        Matrix x = random(rows, columns);
        Norm norm = new Norm(random(1, columns), random(1, columns));
        NormState state = new NormState(empty(rows, columns), empty(rows, 1));
        Matrix y = empty(rows, columns);
        backend.norms().norm(x, norm, (float) epsilon, state, y);
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
        backend.norms().normBackward(gradient, norm.gain(), state, sums);
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

    @ParameterizedTest
    @MethodSource("sizes")
    void aNormalisationMayBeComputedInPlaceAndKeepNothing(int rows, int columns) {
        Matrix x = random(rows, columns);
        Norm norm = new Norm(random(1, columns), random(1, columns));
        Matrix y = empty(rows, columns);
        backend.norms().norm(x, norm, 1e-5f, null, y);
        double[] expected = wide(y);
        backend.norms().norm(x, norm, 1e-5f, null, x);
        assertSame(x, expected);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "9,5,30", "40,64,3", "3000,12,500"})
    void rowsAreGatheredAndScatteredWithRepetitions(int count, int columns, int tableRows) {
        Matrix table = random(tableRows, columns);
        Matrix rows = empty(count, columns);
        int[] ids = random.ints(count, 0, tableRows).toArray();
        double[] before = wide(table);
        double[] expected = new double[count * columns];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = before[ids[i / columns] * columns + i % columns];
        }
        backend.rows().gatherRows(table, ids, rows, false);
        assertSame(rows, expected);
        backend.rows().gatherRows(table, ids, rows, true);
        assertSame(rows, doubled(expected));
        double[] sums = before.clone();
        double[] magnitudes = ReferenceKernels.absolute(before);
        for (int i = 0; i < expected.length; i++) {
            sums[ids[i / columns] * columns + i % columns] += 2 * expected[i];
            magnitudes[ids[i / columns] * columns + i % columns] += Math.abs(2 * expected[i]);
        }
        backend.rows().scatterAddRows(rows, ids, table);
        Rounding.single(count + 1L).assertClose(wide(table), sums, magnitudes);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "5,7", "33,300", "3,9001"})
    void crossEntropyAndItsSlopeAreExact(int rows, int columns) {
        Matrix logits = random(rows, columns);
        int[] targets = random.ints(rows, 0, columns).toArray();
        double[] expected = wide(logits);
        double loss = 0;
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += Math.exp(expected[r * columns + c]);
            }
            loss += Math.log(sum) - expected[r * columns + targets[r]];
            for (int c = 0; c < columns; c++) {
                double p = Math.exp(expected[r * columns + c]) / sum;
                expected[r * columns + c] = 0.5 * (p - (c == targets[r] ? 1 : 0));
            }
        }
        Rounding rounding = Rounding.single(rows + columns + 2L * Rounding.FUNCTION);
        assertThat(backend.rows().crossEntropy(logits, targets, 0.5f)).isCloseTo(loss, rounding.of(Math.max(1, loss)));
        assertClose(logits, expected, rounding);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void aVectorGivesBackWhatWasPut(int size) {
        try (FloatVector vector = backend.memory().allocate(size);
                FloatVector copy = backend.memory().allocate(size)) {
            assertThat(vector.toArray(0, size)).containsOnly(0f);
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = i + 0.5f;
            }
            vector.put(0, values, 0, size);
            copy.copyFrom(vector);
            vector.fill(0, size, -1f);
            assertThat(copy.toArray(0, size)).containsExactly(values);
            int[] indices = {size - 1, 0};
            float[] gathered = new float[2];
            copy.gather(indices, gathered, 2);
            assertThat(gathered).containsExactly(size - 0.5f, 0.5f);
            copy.scatter(indices, new float[] {9f, 8f}, 1);
            assertThat(copy.toArray(size - 1, 1)).containsExactly(9f);
        }
    }
}
