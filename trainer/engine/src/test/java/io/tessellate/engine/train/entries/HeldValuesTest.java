package io.tessellate.engine.train.entries;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldValuesTest {
    @Test
    void whatIsHeldHasNoGradientAndIsPutBack() {
        HeldValues held = new HeldValues(
                FloatBlocks.of(List.of(new float[] {1, 2, 3}, new float[] {4})),
                List.of(new int[] {0, 2}, new int[] {}));
        FloatBlocks gradient = FloatBlocks.of(List.of(new float[] {5, 6, 7}, new float[] {8}));
        held.addGradient(gradient, gradient);
        assertThat(gradient.toArray()).containsExactly(0, 6, 0, 8);
        FloatBlocks values = FloatBlocks.of(List.of(new float[] {10, 20, 30}, new float[] {40}, new float[] {50}));
        held.afterStep(values, 0);
        assertThat(values.toArray()).containsExactly(1, 20, 3, 40, 50);
    }
}
