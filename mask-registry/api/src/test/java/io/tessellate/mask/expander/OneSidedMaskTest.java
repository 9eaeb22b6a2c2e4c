package io.tessellate.mask.expander;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.Regularity;
import io.tessellate.mask.Spaces;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class OneSidedMaskTest {
    @Test
    void theSideWithFewerLinesHasTheSameNumberOnEach() {
        ParameterSpace space = Spaces.of(20, 50, 50, 20, 30, 30);
        Mask mask = OneSidedMask.of(Mask.all(space), 0.2, new SplittableRandom(1));
        assertThat(Regularity.rowDegrees(mask, 0)).containsOnly(10);
        assertThat(Regularity.columnDegrees(mask, 1)).containsOnly(10);
        assertThat(Regularity.columnDegrees(mask, 2)).containsOnly(6);
        assertThat(Arrays.stream(Regularity.rowDegrees(mask, 2)).distinct().count())
                .isGreaterThan(1);
        assertThat(mask.cardinality()).isEqualTo(new OneSidedMask().size(space, 0.2));
    }

    @Test
    void onlyCandidatesAreDrawnEachEquallyOften() {
        ParameterSpace space = Spaces.of(1, 10);
        Mask candidates = Mask.all(space).minus(Mask.builder(space).add(0, 4).build());
        SplittableRandom random = new SplittableRandom(2);
        int[] drawn = new int[10];
        for (int n = 0; n < 9000; n++) {
            OneSidedMask.of(candidates, 0.3, random).forEach(0, index -> drawn[index]++);
        }
        assertThat(drawn[4]).isZero();
        drawn[4] = 3000;
        assertThat(Arrays.stream(drawn).min().orElseThrow()).isGreaterThan(2800);
        assertThat(Arrays.stream(drawn).max().orElseThrow()).isLessThan(3200);
    }

    @Test
    void aLineWithTooFewCandidatesIsNamed() {
        ParameterSpace space = Spaces.of(4, 10);
        Mask.Builder taken = Mask.builder(space);
        for (int column = 0; column < 9; column++) {
            taken.add(0, 20 + column);
        }
        assertThatThrownBy(() -> OneSidedMask.of(Mask.all(space).minus(taken.build()), 0.2, new SplittableRandom(1)))
                .hasMessage("row 2 of tensor 't0' (4 x 10) has 1 free weights and 2 are wanted")
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.CAPACITY);
        assertThatThrownBy(() -> OneSidedMask.of(Mask.all(space), 0.05, new SplittableRandom(1)))
                .hasMessage("density 0.05 gives a row of tensor 't0' (4 x 10) no entry");
    }
}
