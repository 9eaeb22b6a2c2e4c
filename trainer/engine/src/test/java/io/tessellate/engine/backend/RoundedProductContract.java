package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.wide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.Rounding;
import io.tessellate.safetensors.BrainFloat;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of numbers rounded to bf16, against inputs rounded one by one and multiplied in double precision. */
interface RoundedProductContract extends KernelContract {
    /** A sum is rounded to bf16, which is off by at most half the distance of two such numbers. */
    double HALF_STEP = 0x1p-8;

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,7", "20,33,11", "64,64,64", "129,40,257"})
    default void aRoundedProductOverwritesOrAddsInEveryForm(int m, int k, int n) {
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                kernels().reuse();
                Matrix a = random(ta ? k : m, ta ? m : k);
                Matrix b = random(tb ? n : k, tb ? k : n);
                Matrix c = empty(m, n);
                float[] nothing = new float[c.size()];
                Arrays.fill(nothing, Float.NaN);
                c.put(nothing);
                double[] left = rounded(a);
                double[] right = rounded(b);
                double[] expected = ReferenceKernels.product(left, ta, right, tb, m, k, n);
                double[] magnitudes = ReferenceKernels.product(
                        ReferenceKernels.absolute(left), ta, ReferenceKernels.absolute(right), tb, m, k, n);
                Product product = new Product(ta, tb, false);
                backend().products().multiplyRounded(product, a, b, c);
                double[] once = wide(c);
                assertRounded(once, expected, magnitudes, k);
                backend().products().multiplyRounded(product.accumulating(), a, b, c);
                assertThat(wide(c)).containsExactly(KernelContract.doubled(once));
            }
        }
    }

    @Test
    default void aMatrixThatIsHeldForSeveralProductsIsRoundedAsForEachOfThem() {
        Matrix a = random(33, 21);
        Matrix b = random(33, 12);
        Matrix w = random(21, 17);
        float[] before = new float[a.size()];
        a.get(before);
        for (int time = 0; time < 2; time++) {
            Matrix left = empty(21, 12);
            Matrix right = empty(33, 17);
            try (Products.Operand held = backend().products().roundedOperand(a);
                    Products.Operand other = backend().products().roundedOperand(b)) {
                assertThat(held.exact()).isSameAs(a);
                backend().products().multiplyRounded(Product.ATB, held.read(), other.read(), left);
                backend().products().multiplyRounded(Product.AB, held.read(), w, right);
            }
            Matrix expected = empty(21, 12);
            backend().products().multiplyRounded(Product.ATB, a, b, expected);
            assertThat(wide(left)).isEqualTo(wide(expected));
            expected = empty(33, 17);
            backend().products().multiplyRounded(Product.AB, a, w, expected);
            assertThat(wide(right)).isEqualTo(wide(expected));
        }
        float[] after = new float[a.size()];
        a.get(after);
        assertThat(after).isEqualTo(before);
    }

    private static void assertRounded(double[] actual, double[] expected, double[] magnitudes, int k) {
        for (int i = 0; i < expected.length; i++) {
            double bound = Rounding.single(k).bound(magnitudes[i]);
            assertThat(actual[i]).isCloseTo(expected[i], within(bound + HALF_STEP * (Math.abs(expected[i]) + bound)));
            assertThat(BrainFloat.nearest((float) actual[i])).isEqualTo((float) actual[i]);
        }
    }

    private static double[] rounded(Matrix matrix) {
        return Arrays.stream(wide(matrix))
                .map(x -> BrainFloat.nearest((float) x))
                .toArray();
    }

    @Test
    default void ofNumbersAsNearToTwoTheEvenIsTaken() {
        Matrix a = empty(1, 6);
        a.put(new float[] {0x1.01p0f, 0x1.03p0f, -0x1.01p0f, 0x1.010002p0f, 0x1.00fffep0f, -0f});
        Matrix one = empty(1, 1);
        one.put(new float[] {1});
        Matrix c = empty(6, 1);
        backend().products().multiplyRounded(Product.ATB, a, one, c);
        assertThat(wide(c)).containsExactly(1, 0x1.04p0, -1, 0x1.02p0, 1, 0);
    }

    @Test
    default void weightsThatAreKeptRoundedFollowWhatIsWritten() {
        int size = 40 * 24;
        int offset = 16;
        try (FloatVector memory = backend().memory().allocate(offset + size + 9);
                FloatVector other = backend().memory().allocate(memory.size())) {
            memory.put(offset, draw(size), 0, size);
            Matrix weight = backend().memory().matrix(memory, offset, 40, 24);
            Matrix x = random(7, 24);
            assertFollowed(x, weight);
            long kept = backend().memory().allocatedBytes();
            int[] few = {0, offset, offset + 3, offset + size - 1, offset + size};
            memory.scatter(few, draw(few.length), few.length);
            assertFollowed(x, weight);
            int[] backwards = {offset + 9, offset + 5};
            memory.scatter(backwards, draw(2), 2);
            assertFollowed(x, weight);
            int[] most = IntStream.range(offset, offset + size / 2).toArray();
            memory.scatter(most, draw(most.length), most.length);
            assertFollowed(x, weight);
            memory.put(0, draw(offset + 3), 0, offset + 3);
            memory.put(offset + 30, draw(5), 0, 5);
            assertFollowed(x, weight);
            memory.fill(offset + 100, 24, 0.3f);
            assertFollowed(x, weight);
            memory.fillFrom(offset + 200, 24, (first, count, target) -> target.put(draw(count)));
            assertFollowed(x, weight);
            memory.copyFrom(other);
            assertFollowed(x, weight);
            assertThat(backend().memory().allocatedBytes()).isEqualTo(kept);
        }
    }

    @Test
    default void aVectorOfRoundedNumbersRoundsWhatIsWrittenAndIsMultipliedBy() {
        long before = backend().memory().allocatedBytes();
        try (FloatVector memory = backend().memory().allocateRounded(500)) {
            assertThat(backend().memory().allocatedBytes()).isEqualTo(before + 500L * Short.BYTES);
            assertThat(memory.toArray(0, 500)).containsOnly(0f);
            float[] values = draw(500);
            memory.put(3, values, 3, 490);
            memory.fillFrom(100, 50, (first, count, target) -> target.put(values, 100 + first, count));
            int[] places = {499, 2, 7};
            memory.scatter(places, new float[] {values[499], values[2], 0.3f}, 3);
            values[7] = 0.3f;
            memory.fill(20, 5, 0.7f);
            Arrays.fill(values, 20, 25, 0.7f);
            float[] nearest = new float[500];
            for (int i = 0; i < 500; i++) {
                nearest[i] = i < 2 || i > 492 && i < 499 ? 0 : BrainFloat.nearest(values[i]);
            }
            assertThat(memory.toArray(0, 500)).isEqualTo(nearest);
            float[] gathered = new float[3];
            memory.gather(places, gathered, 3);
            assertThat(gathered).containsExactly(nearest[499], nearest[2], nearest[7]);
            Matrix weight = backend().memory().matrix(memory, 20, 16, 24);
            Matrix same = empty(16, 24);
            same.put(Arrays.copyOfRange(nearest, 20, 20 + 16 * 24));
            Matrix x = random(7, 24);
            Matrix expected = empty(7, 16);
            Matrix actual = empty(7, 16);
            backend().products().multiplyRounded(Product.ABT, x, same, expected);
            backend().products().multiplyRounded(Product.ABT, x, weight, actual);
            assertThat(wide(actual)).isEqualTo(wide(expected));
            backend().products().multiplyRounded(Product.ABT, x, weight.narrow(), actual);
            assertThat(wide(actual)).isEqualTo(wide(expected));
        }
        assertThat(backend().memory().allocatedBytes()).isEqualTo(before);
    }

    private float[] draw(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) draws().nextGaussian();
        }
        return values;
    }

    /** The same product by weights that are kept rounded and by such that are rounded anew. */
    private void assertFollowed(Matrix x, Matrix weight) {
        Matrix expected = empty(x.rows(), weight.rows());
        Matrix actual = empty(x.rows(), weight.rows());
        backend().products().multiplyRounded(Product.ABT, x, weight, expected);
        backend().products().multiplyRounded(Product.ABT, x, weight.narrow(), actual);
        assertThat(wide(actual)).isEqualTo(wide(expected));
    }

    @ParameterizedTest
    @CsvSource({"64,48,10,40", "33,7,231,5", "96,96,96,64"})
    default void ofARoundedProductOnlyOwnedEntriesAreKept(int rows, int columns, int count, int tokens) {
        int[] entries =
                draws().ints(0, rows * columns).distinct().limit(count).sorted().toArray();
        Matrix dy = random(tokens, rows);
        Matrix x = random(tokens, columns);
        double[] whole = ReferenceKernels.product(wide(dy), true, wide(x), false, rows, tokens, columns);
        double[] magnitudes = ReferenceKernels.product(
                ReferenceKernels.absolute(wide(dy)),
                true,
                ReferenceKernels.absolute(wide(x)),
                false,
                rows,
                tokens,
                columns);
        try (FloatVector kept = backend().memory().allocateOnly(rows * columns, entries)) {
            Matrix sums = backend().memory().matrix(kept, 0, rows, columns);
            backend().products().multiplyRounded(Product.ATB.accumulating(), dy, x, sums);
            float[] found = new float[entries.length];
            kept.gather(entries, found, found.length);
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i])
                        .isCloseTo(whole[entries[i]], within(3 * HALF_STEP * magnitudes[entries[i]]));
            }
        }
    }
}
