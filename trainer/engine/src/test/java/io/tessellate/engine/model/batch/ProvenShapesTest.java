package io.tessellate.engine.model.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shapes of batches are used only where they change no bit. */
class ProvenShapesTest {
    private static final String SHAPE = "two of 8 tokens";

    private final ProvenShapes<String, float[]> proven = ProvenShapes.ofNumbers();
    private final List<String> passes = new ArrayList<>();

    /** @param error of the batch, against what an example has by itself */
    private List<float[]> ask(String shape, float error, Integer... examples) {
        return proven.rows(
                shape,
                List.of(examples),
                () -> {
                    passes.add("together");
                    return List.of(examples).stream()
                            .map(example -> new float[] {example + error})
                            .toList();
                },
                example -> {
                    passes.add("alone");
                    return new float[] {example};
                });
    }

    @Test
    void aShapeThatChangesNoBitIsUsedOnceItIsCompared() {
        assertThat(ask(SHAPE, 0, 1, 2)).containsExactly(new float[] {1}, new float[] {2});
        assertThat(passes).containsExactly("together", "alone", "alone");
        assertThat(ask(SHAPE, 0, 3, 4)).containsExactly(new float[] {3}, new float[] {4});
        assertThat(passes).endsWith("alone", "together");
        assertThat(proven.refused()).isZero();
    }

    @Test
    void aShapeThatChangesABitIsNeverUsed() {
        float bit = Math.ulp(1f);
        ask(SHAPE, bit, 1, 2);
        assertThat(ask(SHAPE, bit, 1, 2)).containsExactly(new float[] {1}, new float[] {2});
        assertThat(passes).containsExactly("together", "alone", "alone", "alone", "alone");
        assertThat(proven.refused()).isEqualTo(1);
    }

    @Test
    void eachShapeIsComparedByItself() {
        ask(SHAPE, 0, 1, 2);
        passes.clear();
        ask("two of 16 tokens", 0, 1, 2);
        assertThat(passes).containsExactly("together", "alone", "alone");
    }

    @Test
    void oneExampleIsAlwaysAlone() {
        assertThat(ask("one of 8 tokens", 1, 5)).containsExactly(new float[] {5});
        assertThat(passes).containsExactly("alone");
    }
}
