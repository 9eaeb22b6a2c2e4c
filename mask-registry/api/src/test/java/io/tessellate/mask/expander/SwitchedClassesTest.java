package io.tessellate.mask.expander;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.Regularity;
import io.tessellate.mask.Spaces;
import io.tessellate.mask.spectrum.MaskSpectrum;
import io.tessellate.mask.spectrum.SpectralCertificate;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwitchedClassesTest {
    @ParameterizedTest
    @CsvSource({"64,64,8", "64,128,9", "60,48,7", "128,64,5", "30,30,15", "31,47,6"})
    void classesAreDisjointAndRegular(int rows, int columns, int degree) {
        ParameterSpace space = Spaces.of(rows, columns);
        SwitchedClasses classes = new SwitchedClasses(space, (double) degree / columns, 1, false);
        assertThat(classes.classes()).isEqualTo(columns / degree);
        Mask union = Mask.none(space);
        for (int t = 0; t < classes.classes(); t++) {
            Mask mask = classes.mask(t);
            assertThat(mask.intersects(union)).isFalse();
            assertThat(Regularity.rowDegrees(mask, 0)).containsOnly(degree);
            for (int ofColumn : Regularity.columnDegrees(mask, 0)) {
                assertThat(ofColumn).isBetween(rows * degree / columns, (rows * degree + columns - 1) / columns);
            }
            union = union.union(mask);
        }
        assertThat(union.cardinality()).isEqualTo((long) rows * degree * classes.classes());
    }

    @ParameterizedTest
    @CsvSource({"128,128,8", "128,128,12", "128,512,25", "96,768,24"})
    void mixingMakesExpandersEvenWhereNoCellIsLeftFree(int rows, int columns, int degree) {
        RegularDegrees degrees = new RegularDegrees(new EligibleTensor("t0", rows, columns), degree);
        SpectralCertificate unmixed = spectrum(ColourSwitches.mixed(degrees, 0, 0), rows, columns, degree);
        SpectralCertificate mixed = spectrum(ColourSwitches.mixed(degrees, 0), rows, columns, degree);
        assertThat(unmixed.gap()).isLessThan(0.05);
        assertThat(mixed.ratio()).isLessThan(1.02);
        assertThat(mixed.sigma1()).isCloseTo(Math.sqrt((double) degree * rows * degree / columns), within(0.05));
    }

    private static SpectralCertificate spectrum(ColourSwitches colours, int rows, int columns, int degree) {
        Mask.Builder mask = Mask.builder(Spaces.of(rows, columns));
        colours.forEach(columns / degree - 1, (row, column) -> mask.add(0, row * columns + column));
        return MaskSpectrum.of(mask.build(), 0);
    }

    @Test
    void theCommonestTwoByTwoSwitchIsAmongThoseMade() {
        // 2 x 2 cells of two colours: exchanged or not, each in about half of the seeds.
        RegularDegrees degrees = new RegularDegrees(new EligibleTensor("w", 2, 2), 1);
        int exchanged = 0;
        for (int seed = 0; seed < 400; seed++) {
            int[] column = new int[1];
            ColourSwitches.mixed(degrees, seed, 1).forEach(0, (row, c) -> column[0] = row == 0 ? c : column[0]);
            exchanged += column[0];
        }
        assertThat(exchanged).isBetween(150, 250);
    }

    @Test
    void classesFollowFromSeedShapesAndDensityAlone() {
        ParameterSpace space = Spaces.of(32, 32, 32, 48, 32, 32);
        Mask mask = new SwitchedClasses(space, 0.25, 7, false).mask(2);
        assertThat(new SwitchedClasses(space, 0.25, 7, false).mask(2)).isEqualTo(mask);
        assertThat(new SwitchedClasses(space, 0.25, 8, false).mask(2)).isNotEqualTo(mask);
        assertThat(mask.indices(0)).isNotEqualTo(mask.indices(2));
        assertThat(MaskSpectrum.of(mask, 0).sigma2())
                .isCloseTo(MaskSpectrum.of(mask, 2).sigma2(), within(1e-9));
    }

    @Test
    void sharedClassesAreTheSameInTensorsOfOneShape() {
        Mask mask = new SwitchedClasses(Spaces.of(32, 32, 32, 48, 32, 32), 0.25, 7, true).mask(2);
        assertThat(mask.indices(0)).isEqualTo(mask.indices(2));
    }

    @Test
    void theFirstClassWithoutAnOwnedWeightIsTaken() {
        ParameterSpace space = Spaces.of(32, 32);
        SwitchedClasses classes = new SwitchedClasses(space, 0.25, 7, false);
        Mask owned = classes.mask(0).union(classes.mask(2));
        assertThat(classes.firstFree(owned)).isEqualTo(classes.mask(1));
        assertThatThrownBy(
                        () -> classes.firstFree(Mask.builder(space).addAll("t0").build()))
                .hasMessage("each of the 4 classes holds a weight that is owned, though 0 weights are free one by one")
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.CAPACITY);
    }

    @ParameterizedTest
    @CsvSource({"128,128,0.02,2,2,0.0235", "16,512,0.05,25,0,0.1875", "512,16,0.1,1,32,0.1875"})
    void aDensityWithoutExpandersIsRefusedWithTheWayOut(
            int rows, int columns, double density, int ofRow, int ofColumn, double least) {
        assertThatThrownBy(() -> new SwitchedClasses(Spaces.of(rows, columns), density, 0, false))
                .hasMessage(
                        ("expander masks of density %s give tensor 't0' (%d x %d) %d entries per row and %d per column,"
                                        + " at least 3 are needed: choose a density of at least %s, or random masks")
                                .formatted(density, rows, columns, ofRow, ofColumn, least))
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.INVALID_RECIPE);
        assertThat(new SwitchedClasses(Spaces.of(rows, columns), least, 0, false).classes())
                .isPositive();
    }

    @Test
    void aShareThatIsAWholeNumberOfColumnsIsNotRoundedBelowIt() {
        assertThat(RegularDegrees.of(new EligibleTensor("w", 100, 100), 0.29).ofRow())
                .isEqualTo(29);
    }
}
