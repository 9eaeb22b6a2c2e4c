package io.tessellate.mask.expander;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.MaskDegrees;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.Spaces;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassCountTest {
    private static final Pattern ADVICE = Pattern.compile("density of at least (0\\.\\d{4})");

    @ParameterizedTest
    @CsvSource({"0.5,2", "0.51,2", "0.6666666666666666,2", "0.4,3", "0.35,3", "0.25,4", "0.1,10", "0.03125,32"})
    void aDensityStandsForTheNearestNumberOfClasses(double density, int classes) {
        assertThat(ClassCount.of(Spaces.of(128, 128, 128, 512), density)).isEqualTo(classes);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.667, 0.75, 0.99, 1})
    void aDensityNearerToAllThanToTheHalfIsRefusedAndNotHalvedInSilence(double density) {
        assertThatThrownBy(() -> ClassCount.of(Spaces.of(128, 128), density))
                .hasMessage("density " + density
                        + " is nearer to all weights than to the half of them, the densest expander"
                        + " mask: choose a density of at most 0.6666, or a method without a fixed mask");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoShareIsRefused(double density) {
        assertThatThrownBy(() -> ClassCount.of(Spaces.of(128, 128), density))
                .hasMessage("density must lie in (0, 1]: " + density);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0234, 0.01, 1e-6, 1e-12, 1e-300, Double.MIN_VALUE})
    void aDensityThatLeavesARowTwoEntriesIsRefusedWithOneThatDoes(double density) {
        ParameterSpace space = Spaces.of(512, 128, 128, 512, 128, 128);
        assertThatThrownBy(() -> ClassCount.of(space, density))
                .hasMessageContaining("at least 3 are needed")
                .extracting(e -> ((TessellateException) e).code())
                .isEqualTo(ErrorCode.INVALID_RECIPE);
    }

    @Test
    void theMessageCountsEntriesOfTheMatrixAndNotOfItsPadding() {
        assertThatThrownBy(() -> ClassCount.of(Spaces.of(512, 128), 0.0234))
                .hasMessage(
                        "expander masks of density 1/43 give some row of tensor 't0' (512 x 128) 2 entries and some column"
                                + " 11, at least 3 are needed: choose a density of at least 0.0239");
        assertThatThrownBy(() -> ClassCount.of(Spaces.of(64, 5), 0.5))
                .hasMessageContaining("the matrix is too small for any, use random masks");
    }

    @ParameterizedTest
    @CsvSource({"6,6", "7,11", "9,9", "31,47", "48,72", "100,128", "128,100", "384,384", "5,64"})
    void whatIsGrantedHasThreeEntriesInEveryRowAndColumnAndWhatIsRefusedHasNot(int rows, int columns) {
        ParameterSpace space = Spaces.of(rows, columns);
        for (int classes = 2; classes <= Math.min(rows, columns); classes++) {
            boolean granted = granted(space, 1.0 / classes);
            if (granted || LiftedTensor.blocks(Math.min(rows, columns), classes) >= 3) {
                assertThat(granted).as("%d classes", classes).isEqualTo(leastDegree(space, classes) >= 3);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"6,6", "31,47", "100,128", "384,1536", "768,768", "1021,4096", "30000,40000"})
    void theDensityThatAMessageNamesIsGranted(int rows, int columns) {
        ParameterSpace space = Spaces.of(rows, columns);
        assertThatThrownBy(() -> ClassCount.of(space, 1e-9)).satisfies(e -> {
            Matcher advice = ADVICE.matcher(String.valueOf(e.getMessage()));
            assertThat(advice.find()).isTrue();
            assertThat(granted(space, Double.parseDouble(advice.group(1)))).isTrue();
        });
    }

    private static boolean granted(ParameterSpace space, double density) {
        try {
            return ClassCount.of(space, density) >= 2;
        } catch (TessellateException e) {
            return false;
        }
    }

    private static int leastDegree(ParameterSpace space, int classes) {
        QuasiCyclicLift lift = new QuasiCyclicLift(space, classes, 7);
        int least = Integer.MAX_VALUE;
        for (int index = 0; index < Math.min(3, classes); index++) {
            MaskDegrees degrees = MaskDegrees.of(lift.mask(index), 0);
            least = Math.min(least, MaskDegrees.least(degrees.ofRow()));
            least = Math.min(least, MaskDegrees.least(degrees.ofColumn()));
        }
        return least;
    }
}
