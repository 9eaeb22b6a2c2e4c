package io.tessellate.engine.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenRows;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.SmallModel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TargetsTest {
    @Test
    void everyLosssGradientIsItsSlope() {
        Random random = new Random(1);
        float[] logits = new float[12];
        float[] teacher = new float[12];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian();
            teacher[i] = (float) random.nextGaussian();
        }
        slope(Targets.classes(0, 2, 1, 2), logits, 3);
        slope(Targets.soft(teacher, 3, 2), logits, 3);
        slope(Targets.values(1f, 2f, -3f, 0.5f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f), logits, 1);
    }

    private static void slope(Targets targets, float[] logits, int labels) {
        float[] gradient = new float[logits.length];
        targets.loss(logits, labels, 1.5, gradient);
        for (int i = 0; i < logits.length; i++) {
            float value = logits[i];
            logits[i] = value + 1e-2f;
            double above = targets.loss(logits, labels, 1, new float[logits.length]);
            logits[i] = value - 1e-2f;
            double below = targets.loss(logits, labels, 1, new float[logits.length]);
            logits[i] = value;
            assertThat((double) gradient[i]).isCloseTo(1.5 * (above - below) / 2e-2, within(2e-4));
        }
    }

    @Test
    void anExtremeLogitDoesNotOverflow() {
        float[] gradient = new float[2];
        assertThat(Targets.classes(1).loss(new float[] {1e30f, 0f}, 2, 1, gradient))
                .isEqualTo((double) 1e30f);
        assertThat(gradient).containsExactly(1f, -1f);
    }

    @Test
    void targetsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Targets.classes(2).loss(new float[2], 2, 1, new float[2]))
                .hasMessageContaining("class 2");
        assertThatThrownBy(() -> Targets.values(2f).loss(new float[2], 2, 1, new float[2]))
                .hasMessageContaining("one label");
        Batch batch = SmallModel.batch(1, 3, 4);
        assertThatThrownBy(() -> new Step(batch, Targets.classes(0))).hasMessageContaining("1 targets for 2");
    }

    @Test
    void tokensArePackedWherePaddingIsMoreThanATenth() {
        ModelConfig wide = new ModelConfig(ModelConfig.BERT, 37, 20, 2, 2, 33, 64, 3, 1e-12f, 0);
        Batch packed = Batch.of(SmallModel.sequences(1, 40, 9, 20), wide);
        assertThat(packed.rows().count()).isEqualTo(96);
        assertThat(packed.row(0, 39)).isEqualTo(39);
        assertThat(packed.row(1, 0)).isEqualTo(40);
        assertThat(packed.row(2, 19)).isEqualTo(68);
        TokenRows rows = packed.rows();
        assertThat(rows.packedOf()).hasSize(120);
        assertThat(rows.packedOf()[40 + 8]).isEqualTo(48);
        assertThat(rows.packedOf()[40 + 9]).as("padding reads an idle row").isEqualTo(95);
        assertThat(rows.paddedOf()[48]).isEqualTo(48);
        assertThat(rows.paddedOf()[69]).as("an idle row reads padding").isEqualTo(119);
        Batch full = Batch.of(SmallModel.sequences(1, 40, 38, 40), wide);
        assertThat(full.rows().packed()).isFalse();
        assertThat(full.row(1, 3)).isEqualTo(43);
    }

    @Test
    void aBatchIsPaddedToAMultipleOfEightWithinTheModelsPositions() {
        assertThat(SmallModel.batch(1, 3, 7).length()).isEqualTo(8);
        assertThat(SmallModel.batch(1, 9, 1).length()).isEqualTo(11);
        assertThatThrownBy(() -> SmallModel.batch(1, 12)).hasMessageContaining("11 positions");
        TokenSequence unknown = new TokenSequence(new int[] {37}, new int[1]);
        assertThatThrownBy(() -> Batch.of(List.of(unknown), SmallModel.CONFIG)).hasMessageContaining("token id 37");
    }
}
