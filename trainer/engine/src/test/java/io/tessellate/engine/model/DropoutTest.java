package io.tessellate.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final int WIDTH = 100;

    private static float[] mask(Dropout dropout, int examples, int site) {
        float[] ones = new float[examples * WIDTH];
        Arrays.fill(ones, 1f);
        dropout.scale(ones, WIDTH, site);
        return ones;
    }

    private static double kept(float[] mask) {
        int kept = 0;
        for (float m : mask) {
            kept += m != 0 ? 1 : 0;
        }
        return (double) kept / mask.length;
    }

    @Test
    public void theShareIsDroppedAndTheRestScaledSoThatTheMeanStays() {
        float[] mask = mask(new Dropout(0.25, 7, 0), 1000, 3);
        assertThat(kept(mask)).isCloseTo(0.75, within(0.005));
        for (float m : mask) {
            assertThat(m == 0 || m == 1 / 0.75f).isTrue();
        }
    }

    @Test
    public void theMaskIsAFunctionOfKeySiteAndExample() {
        float[] mask = mask(new Dropout(0.5, 7, 0), 4, 3);
        assertThat(mask(new Dropout(0.5, 7, 0), 4, 3)).containsExactly(mask);
        assertThat(mask(new Dropout(0.5, 8, 0), 4, 3)).isNotEqualTo(mask);
        assertThat(mask(new Dropout(0.5, 7, 0), 4, 4)).isNotEqualTo(mask);
        assertThat(mask(new Dropout(0.5, 7, 0).other(), 4, 3)).isNotEqualTo(mask);
        assertThat(Arrays.copyOfRange(mask, 0, WIDTH)).isNotEqualTo(Arrays.copyOfRange(mask, WIDTH, 2 * WIDTH));
    }

    @Test
    public void aPartOfAStepHasTheRowsOfTheWhole() {
        float[] whole = mask(new Dropout(0.5, 7, 0), 4, 3);
        float[] part = mask(new Dropout(0.5, 7, 0).from(2), 2, 3);
        assertThat(part).containsExactly(Arrays.copyOfRange(whole, 2 * WIDTH, 4 * WIDTH));
    }

    /** Entries of neighbouring columns, rows, sites and steps agree as often as chance has it. */
    @Test
    public void neighboursAreIndependent() {
        float[] a = mask(new Dropout(0.5, 1, 0), 1000, 0);
        assertThat(agreement(a, mask(new Dropout(0.5, 2, 0), 1000, 0), 0)).isCloseTo(0.5, within(0.01));
        assertThat(agreement(a, mask(new Dropout(0.5, 1, 0), 1000, 1), 0)).isCloseTo(0.5, within(0.01));
        assertThat(agreement(a, a, 1)).isCloseTo(0.5, within(0.01));
        assertThat(agreement(a, a, WIDTH)).isCloseTo(0.5, within(0.01));
    }

    private static double agreement(float[] a, float[] b, int shift) {
        int same = 0;
        for (int i = 0; i + shift < a.length; i++) {
            same += a[i] == b[i + shift] ? 1 : 0;
        }
        return (double) same / (a.length - shift);
    }

    @Test
    public void everythingCannotBeDropped() {
        assertThatThrownBy(() -> new Dropout(1, 0, 0)).hasMessage("dropout must lie in [0, 1): 1.0");
    }
}
