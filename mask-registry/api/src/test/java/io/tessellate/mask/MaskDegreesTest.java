package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.mask.expander.FreeMatching;
import io.tessellate.mask.expander.OneSidedMask;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskDegreesTest {
    @ParameterizedTest
    @CsvSource({"40,30,0.2", "30,70,0.1", "1,20,0.5", "20,1,0.9"})
    void theyAreWhatIsCounted(int rows, int columns, double density) {
        Mask mask = Spaces.random(Spaces.of(rows, columns), density, new SplittableRandom(rows + columns));
        MaskDegrees degrees = MaskDegrees.of(mask, 0);
        assertThat(degrees.ofRow()).containsExactly(Regularity.rowDegrees(mask, 0));
        assertThat(degrees.ofColumn()).containsExactly(Regularity.columnDegrees(mask, 0));
    }

    @ParameterizedTest
    @CsvSource({"24,24,0.25", "12,16,0.25", "30,42,0.2"})
    void matchingsAreRegularAndWithoutOneEntryAreNot(int rows, int columns, double density) {
        Mask whole = FreeMatching.of(Mask.none(Spaces.of(rows, columns)), density, 5, false);
        Mask part = whole.minus(RandomMask.of(whole, 1, new SplittableRandom(3)));
        assertThat(MaskDegrees.of(whole, 0).regular()).isTrue();
        assertThat(MaskDegrees.of(whole, 0).oneSided()).isTrue();
        assertThat(MaskDegrees.of(part, 0).regular()).isFalse();
        assertThat(MaskDegrees.of(part, 0).oneSided()).isFalse();
    }

    @Test
    void aMaskDrawnByRowsIsRegularOnOneSideOnly() {
        Mask mask = OneSidedMask.of(Mask.all(Spaces.of(20, 60)), 0.1, new SplittableRandom(8));
        assertThat(MaskDegrees.of(mask, 0).oneSided()).isTrue();
        assertThat(MaskDegrees.of(mask, 0).regular()).isFalse();
    }
}
