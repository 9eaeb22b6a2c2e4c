package io.tessellate.mask.expander;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.Regularity;
import io.tessellate.mask.Spaces;
import io.tessellate.mask.SplitMix;
import io.tessellate.mask.spectrum.MaskSpectrum;
import java.util.SplittableRandom;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreeMatchingTest {
    @ParameterizedTest
    @CsvSource({"128,128,8", "96,96,10", "64,256,24", "256,64,5", "48,60,7", "60,100,9", "31,47,6"})
    void taskAfterTaskFindsAMaskUntilAllMatchingsAreUsed(int rows, int columns, int degree) {
        ParameterSpace space = Spaces.of(rows, columns);
        Mask owned = Mask.none(space);
        for (int task = 0; task < columns / degree; task++) {
            Mask mask = FreeMatching.of(owned, (double) degree / columns, task, false);
            assertThat(mask.intersects(owned)).isFalse();
            assertThat(Regularity.rowDegrees(mask, 0)).containsOnly(degree);
            for (int ofColumn : Regularity.columnDegrees(mask, 0)) {
                assertThat(ofColumn).isBetween(rows * degree / columns, (rows * degree + columns - 1) / columns);
            }
            owned = owned.union(mask);
        }
        Mask full = owned;
        assertRefused(
                () -> FreeMatching.of(full, (double) degree / columns, 1, false),
                "row 0 has only %d free weights".formatted(columns % degree));
    }

    @Test
    void theMasksAreExpanders() {
        Mask owned = Mask.none(Spaces.of(128, 128));
        for (int task = 0; task < 15; task++) {
            Mask mask = FreeMatching.of(owned, 8.0 / 128, task, false);
            assertThat(MaskSpectrum.of(mask, 0).ratio()).isLessThan(1.03);
            owned = owned.union(mask);
        }
    }

    @Test
    void anEarlierMaskThatIsNotBiregularMayLeaveNoMatching() {
        ParameterSpace space = Spaces.of(8, 8);
        Mask.Builder owned = Mask.builder(space);
        for (int column = 0; column < 6; column++) {
            owned.add(0, 3 * 8 + column);
        }
        assertRefused(
                () -> FreeMatching.of(owned.build(), 3.0 / 8, 1, false),
                "no mask of 3 entries per row and 3 to 3 per column fits into the free weights of tensor 't0' (8 x 8):"
                        + " row 3 has only 2 free weights; after a mask that is not biregular there need not be one");
    }

    @Test
    void rowsThatCompeteForTheSameColumnsAreNamedWithTheirNumbers() {
        ParameterSpace space = Spaces.of(8, 8);
        Mask.Builder owned = Mask.builder(space);
        for (int row = 0; row < 6; row++) {
            for (int column = 4; column < 8; column++) {
                owned.add(0, row * 8 + column);
            }
        }
        assertRefused(() -> FreeMatching.of(owned.build(), 3.0 / 8, 1, false), "has 4 free weights and gets");
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6"})
    void aMaskIsFoundExactlyWhereTheSlowSearchFindsOne(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int found = 0;
        for (int n = 0; n < 60; n++) {
            int rows = 4 + random.nextInt(5);
            int columns = 4 + random.nextInt(5);
            int degree = 1 + random.nextInt(3);
            RegularDegrees degrees = new RegularDegrees(new EligibleTensor("w", rows, columns), degree);
            BitMatrix taken = new BitMatrix(rows, columns);
            Spaces.random(Spaces.of(rows, columns), 0.5 * random.nextDouble(), random)
                    .forEach(0, index -> taken.set(index / columns, index % columns));

            DegreeMatching.Result result = DegreeMatching.find(taken, degrees, SplitMix.stream("test/" + n));

            assertThat(result.chosen().isPresent()).isEqualTo(SlowMatching.exists(taken, degrees));
            if (result.chosen().isPresent()) {
                found++;
                requireProper(result.chosen().get(), taken, degrees);
            }
        }
        assertThat(found).isBetween(5, 55);
    }

    private static void requireProper(BitMatrix chosen, BitMatrix taken, RegularDegrees degrees) {
        chosen.forEach((row, column) -> assertThat(taken.get(row, column)).isFalse());
        for (int row = 0; row < chosen.rows(); row++) {
            assertThat(chosen.count(row)).isEqualTo(degrees.ofRow());
        }
        for (int count : chosen.columnCounts()) {
            assertThat(count).isBetween(degrees.leastOfColumn(), degrees.mostOfColumn());
        }
    }

    @Test
    void aSharedMaskIsFreeInEveryTensorOfItsShape() {
        ParameterSpace space = Spaces.of(32, 32, 32, 32, 32, 64);
        Mask first = FreeMatching.of(Mask.none(space), 0.25, 1, false);
        assertThat(first.indices(0)).isNotEqualTo(first.indices(1));
        Mask shared = FreeMatching.of(first, 0.25, 1, true);
        assertThat(shared.indices(0)).isEqualTo(shared.indices(1));
        assertThat(shared.intersects(first)).isFalse();
        assertThat(FreeMatching.of(first, 0.25, 1, true)).isEqualTo(shared);
        assertThat(FreeMatching.of(first, 0.25, 2, true)).isNotEqualTo(shared);
    }

    private static void assertRefused(ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .hasMessageContaining(message)
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.CAPACITY);
    }
}
