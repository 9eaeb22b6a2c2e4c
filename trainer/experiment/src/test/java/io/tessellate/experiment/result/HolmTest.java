package io.tessellate.experiment.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmTest {
    /** The example of the article on the method in Wikipedia: at 5 % the fourth and the first are refused, the others not. */
    @Test
    void correctedValuesAreThoseOfTheWorkedExample() {
        assertThat(Holm.corrected(0.01, 0.04, 0.03, 0.005))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
    }

    @Test
    void noneExceedsOneAndASingleOneStays() {
        assertThat(Holm.corrected(0.4, 0.9)).containsExactly(0.8, 0.9);
        assertThat(Holm.corrected(0.9, 0.8)).containsExactly(1, 1);
        assertThat(Holm.corrected(0.2)).containsExactly(0.2);
        assertThat(Holm.corrected()).isEmpty();
    }
}
