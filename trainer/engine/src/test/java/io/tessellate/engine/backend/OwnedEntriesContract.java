package io.tessellate.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.Rounding;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.expander.LiftedTensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of which only some entries are kept, against the whole product by slow loops. */
interface OwnedEntriesContract extends KernelContract {
    /** Whole blocks, cropped blocks, more rows than columns and the reverse; one token and many. */
    @ParameterizedTest
    @CsvSource({"96,96,32,64", "100,130,33,7", "130,100,33,33", "200,75,25,1", "75,301,25,130", "256,256,80,100"})
    default void aClassOfALiftIsKept(int rows, int columns, int classes, int tokens) {
        LiftedTensor lift = LiftedTensor.of(new EligibleTensor("w", rows, columns), classes, 7, 0);
        int[] entries = new int[lift.cells(3)];
        int[] next = {0};
        lift.forEach(3, index -> entries[next[0]++] = index);
        assertOwned(entries, rows, columns, tokens);
    }

    @ParameterizedTest
    @CsvSource({"64,48,10,40", "33,7,231,5", "5,5,1,3", "1,9,4,1", "300,20,30,64"})
    default void scatteredEntriesAreKept(int rows, int columns, int count, int tokens) {
        int[] entries =
                draws().ints(0, rows * columns).distinct().limit(count).sorted().toArray();
        assertOwned(entries, rows, columns, tokens);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 40})
    default void aMatrixWithoutKeptEntriesTakesNothing(int side) {
        assertOwned(new int[0], side, side, 4);
    }

    private void assertOwned(int[] entries, int rows, int columns, int tokens) {
        int offset = 11;
        int size = offset + rows * columns + 5;
        // Entries of neighbours on both sides must not be touched.
        int[] places = IntStream.concat(
                        IntStream.concat(IntStream.of(3), Arrays.stream(entries).map(entry -> entry + offset)),
                        IntStream.of(size - 1))
                .toArray();
        Matrix dy = random(tokens, rows);
        Matrix x = random(tokens, columns);
        try (FloatVector kept = backend().memory().allocateOnly(size, places)) {
            Matrix sums = backend().memory().matrix(kept, offset, rows, columns);
            backend().products().multiply(Product.ATB.accumulating(), dy, x, sums);
            float[] once = read(kept, places);
            backend().products().multiply(Product.ATB.accumulating(), dy, x, sums);
            float[] twice = read(kept, places);
            backend().products().multiply(Product.ATB, dy, x, sums);
            assertThat(read(kept, places)).isEqualTo(once);
            assertEntries(once, dy, x, entries, 1);
            assertEntries(twice, dy, x, entries, 2);
            assertThat(once[0]).isZero();
            assertThat(once[once.length - 1]).isZero();
        }
    }

    /** The kept entries of so many times the product; the first and the last value belong to neighbours. */
    private static void assertEntries(float[] kept, Matrix dy, Matrix x, int[] entries, int times) {
        double[] left = KernelContract.wide(dy);
        double[] right = KernelContract.wide(x);
        for (int i = 0; i < entries.length; i++) {
            double sum = 0;
            double magnitude = 0;
            for (int t = 0; t < dy.rows(); t++) {
                double product = left[t * dy.columns() + entries[i] / x.columns()]
                        * right[t * x.columns() + entries[i] % x.columns()];
                sum += times * product;
                magnitude += times * Math.abs(product);
            }
            assertThat((double) kept[i + 1])
                    .isCloseTo(sum, Rounding.single((long) times * dy.rows()).of(magnitude));
        }
    }

    private static float[] read(FloatVector vector, int[] places) {
        float[] values = new float[places.length];
        vector.gather(places, values, places.length);
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9})
    default void whatIsNotKeptReadsAsZero(int step) {
        int[] places = {2, 3, 3 + step, 19};
        try (FloatVector vector = backend().memory().allocateOnly(20, places);
                FloatVector copy = backend().memory().allocateOnly(20, places.clone())) {
            float[] all = new float[20];
            for (int i = 0; i < all.length; i++) {
                all[i] = i + 1;
            }
            vector.put(0, all, 0, 20);
            vector.scatter(new int[] {3, 4 + step}, new float[] {-3, -4}, 2);
            copy.copyFrom(vector);
            vector.fill(0, 20, 0f);
            float[] expected = new float[20];
            for (int place : places) {
                expected[place] = place + 1;
            }
            expected[3] = -3;
            assertThat(copy.toArray(0, 20)).isEqualTo(expected);
            assertThat(read(copy, new int[] {19, 0})).containsExactly(20, 0);
            assertThat(vector.toArray(0, 20)).containsOnly(0f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 20})
    default void aPlaceOutsideTheVectorIsRefused(int place) {
        assertThatThrownBy(() -> backend().memory().allocateOnly(20, new int[] {place}))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
