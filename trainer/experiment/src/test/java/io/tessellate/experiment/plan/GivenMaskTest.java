package io.tessellate.experiment.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.MaskDegrees;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.spectrum.MaskSpectrum;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenMaskTest {
    private static final ParameterSpace SPACE =
            new ParameterSpace(List.of(new EligibleTensor("q", 128, 128), new EligibleTensor("up", 256, 64)));

    private static Mask mask(double mixing) {
        return new GivenMask(4, mixing).mask(SPACE, Mask.all(SPACE), new SplittableRandom(1));
    }

    private static double gap(double mixing) {
        return MaskSpectrum.of(mask(mixing), 0).gap();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 1, 10})
    void everyRowKeepsItsDegreeAndEveryColumnTheBandsHoweverMuchIsExchanged(double mixing) {
        for (int tensor = 0; tensor < 2; tensor++) {
            assertThat(MaskDegrees.of(mask(mixing), tensor).ofRow()).containsOnly(4);
            assertThat(MaskDegrees.of(mask(mixing), tensor).ofColumn())
                    .containsExactly(MaskDegrees.of(mask(0), tensor).ofColumn());
        }
        assertThat(mask(mixing)).isEqualTo(mask(mixing));
    }

    /** The second singular value of a band of degree 4 of n rows is that of a circulant: sin(4x) / sin(x) with x = pi / n. */
    @Test
    void aBandDoesNotMixAndEachExchangeBringsItNearerToARandomRegularMask() {
        double x = Math.PI / 128;
        assertThat(gap(0)).isCloseTo(1 - Math.sin(4 * x) / (4 * Math.sin(x)), within(1e-9));
        assertThat(gap(0)).isLessThan(0.01);
        assertThat(gap(0.1)).isGreaterThan(gap(0)).isLessThan(gap(1));
        assertThat(gap(10)).isBetween(0.1, 0.2);
    }

    @Test
    void tensorsThatAreNotTargetedStayEmpty() {
        Mask first = Mask.builder(SPACE).addAll("q").build();
        assertThat(new GivenMask(4, 1.0)
                        .mask(SPACE, first, new SplittableRandom(1))
                        .cardinality(1))
                .isZero();
    }

    @Test
    void whatIsHalfADescriptionOrTooWideIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GivenMask(4, null))
                .withMessageContaining("both a degree and a mixing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GivenMask(0, 1.0))
                .withMessageContaining("at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GivenMask(65, 0.0).mask(SPACE, Mask.all(SPACE), new SplittableRandom(1)))
                .withMessageContaining("a row of up 64 weights");
    }
}
