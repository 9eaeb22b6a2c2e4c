package io.tessellate.engine.backend.owned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.expander.LiftedTensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of which only some entries are kept, against the whole product by slow loops. */
@Tag("numeric")
@Tag("kernel")
@ParameterizedClass
@ValueSource(strings = {Backends.HOST, Backends.ND4J})
class OwnedEntriesTest {
    private final Backend backend;
    private final Random random = new Random(5);

    OwnedEntriesTest(String name) {
        this.backend = Backends.open(name);
    }

    /** Whole blocks, cropped blocks, more rows than columns and the reverse; one token and many. */
    @ParameterizedTest
    @CsvSource({"96,96,32,64", "100,130,33,7", "130,100,33,33", "200,75,25,1", "75,301,25,130", "256,256,80,100"})
    void aClassOfALiftIsComputedAlongItsDiagonals(int rows, int columns, int classes, int tokens) {
        int[] entries = lifted(rows, columns, classes, 3);
        assertThat(DiagonalRuns.of(entries, rows, columns)).isNotNull();
        assertOwned(entries, rows, columns, tokens);
    }

    @ParameterizedTest
    @CsvSource({"64,48,10,40", "33,7,231,5", "5,5,1,3", "1,9,4,1", "300,20,30,64"})
    void scatteredEntriesAreTakenFromTheWholeProduct(int rows, int columns, int count, int tokens) {
        int[] entries =
                random.ints(0, rows * columns).distinct().limit(count).sorted().toArray();
        assertThat(DiagonalRuns.of(entries, rows, columns)).isNull();
        assertOwned(entries, rows, columns, tokens);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 40})
    void aMatrixWithoutKeptEntriesTakesNothing(int side) {
        assertOwned(new int[0], side, side, 4);
    }

    private static int[] lifted(int rows, int columns, int classes, int liftClass) {
        LiftedTensor lift = LiftedTensor.of(new EligibleTensor("w", rows, columns), classes, 7, 0);
        int[] entries = new int[lift.cells(liftClass)];
        int[] next = {0};
        lift.forEach(liftClass, index -> entries[next[0]++] = index);
        return entries;
    }

    private void assertOwned(int[] entries, int rows, int columns, int tokens) {
        int offset = 11;
        int size = offset + rows * columns + 5;
        // Entries of neighbours on both sides must not be touched.
        int[] places = IntStream.concat(
                        IntStream.concat(IntStream.of(3), Arrays.stream(entries).map(entry -> entry + offset)),
                        IntStream.of(size - 1))
                .toArray();
        try (FloatVector memory = backend.memory().allocate(tokens * (rows + columns));
                FloatVector kept = backend.memory().allocateOnly(size, places)) {
            float[] values = new float[memory.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            memory.put(0, values, 0, values.length);
            float[] absolute = values.clone();
            IntStream.range(0, absolute.length).forEach(i -> absolute[i] = Math.abs(absolute[i]));
            Matrix dy = backend.memory().matrix(memory, 0, tokens, rows);
            Matrix x = backend.memory().matrix(memory, tokens * rows, tokens, columns);
            Matrix sums = backend.memory().matrix(kept, offset, rows, columns);
            backend.products().multiply(Product.ATB.accumulating(), dy, x, sums);
            float[] once = read(kept, places);
            backend.products().multiply(Product.ATB.accumulating(), dy, x, sums);
            float[] twice = read(kept, places);
            backend.products().multiply(Product.ATB, dy, x, sums);
            assertThat(read(kept, places)).containsExactly(once);
            for (int i = 0; i < entries.length; i++) {
                double expected = entry(values, rows, columns, tokens, entries[i]);
                double magnitude = entry(absolute, rows, columns, tokens, entries[i]);
                assertThat((double) once[i + 1])
                        .isCloseTo(expected, Rounding.single(tokens).of(magnitude));
                assertThat((double) twice[i + 1])
                        .isCloseTo(2 * expected, Rounding.single(2L * tokens).of(2 * magnitude));
            }
            assertThat(once[0]).isZero();
            assertThat(once[once.length - 1]).isZero();
        }
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    private static float[] read(FloatVector vector, int[] places) {
        float[] values = new float[places.length];
        vector.gather(places, values, places.length);
        return values;
    }

    private static double entry(float[] values, int rows, int columns, int tokens, int entry) {
        double sum = 0;
        for (int t = 0; t < tokens; t++) {
            sum += (double) values[t * rows + entry / columns] * values[tokens * rows + t * columns + entry % columns];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9})
    void whatIsNotKeptReadsAsZero(int step) {
        int[] places = {2, 3, 3 + step, 19};
        try (FloatVector vector = backend.memory().allocateOnly(20, places);
                FloatVector copy = backend.memory().allocateOnly(20, places.clone())) {
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
            assertThat(copy.toArray(0, 20)).containsExactly(expected);
            assertThat(read(copy, new int[] {19, 0})).containsExactly(20, 0);
            assertThat(vector.toArray(0, 20)).containsOnly(0f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 20})
    void aPlaceOutsideTheVectorIsRefused(int place) {
        assertThatThrownBy(() -> backend.memory().allocateOnly(20, new int[] {place}))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
