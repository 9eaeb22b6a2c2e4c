package io.tessellate.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.values.FloatBlocks;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OptimizerTest {
    private static final int STEPS = 200;
    private static final double RATE = 1e-3;

    /** A value is rounded at every step, and so are the moments that its change is made of. */
    private static final Rounding ROUNDING = Rounding.single(STEPS + 3L * STEPS);

    /** PyTorch's RMSprop with alpha 0.99, eps 1e-8 and a zero start, in double precision. */
    @Test
    void rmspropFollowsTheReferenceTrace() {
        double w = 0.02;
        double v = 0;
        var optimizer = OptimizerKind.RMSPROP.create(1, 0);
        float[] value = {0.02f};
        var random = new Random(1);
        for (int t = 0; t < STEPS; t++) {
            float g = (float) (1e-5 * random.nextGaussian());
            v = 0.99 * v + 0.01 * g * g;
            w -= 1e-5 * g / (Math.sqrt(v) + 1e-8);
            optimizer.step(value, new float[] {g}, 1e-5);
            assertThat((double) value[0]).isCloseTo(w, ROUNDING.of(0.02));
        }
    }

    @Test
    void theFirstRmspropStepIsTenTimesTheRateWhateverTheGradient() {
        for (float g : new float[] {1e-3f, 0.1f, -10f}) {
            float[] value = {0};
            OptimizerKind.RMSPROP.create(1, 0).step(value, new float[] {g}, RATE);
            // A tenth of the gradient and what keeps the quotient finite.
            double expected = -RATE * g / (0.1 * Math.abs(g) + 1e-8);
            assertThat((double) value[0]).isCloseTo(expected, ROUNDING.of(10 * RATE));
        }
    }

    @Test
    void adamwFollowsTheReferenceTrace() {
        double w = 0.5;
        double m = 0;
        double v = 0;
        double decay = 0.1;
        var optimizer = OptimizerKind.ADAMW.create(1, decay);
        float[] value = {0.5f};
        var random = new Random(2);
        for (int t = 1; t <= STEPS; t++) {
            float g = (float) random.nextGaussian();
            w *= 1 - RATE * decay;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= RATE * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
            optimizer.step(value, new float[] {g}, RATE);
            assertThat((double) value[0]).isCloseTo(w, ROUNDING.of(0.5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEntryWithoutGradientStaysBitwiseEqualForAHundredSteps(OptimizerKind kind) {
        var optimizer = kind.create(2, 0);
        float[] values = {0.1f, 0.7f};
        var random = new Random(3);
        for (int t = 0; t < 100; t++) {
            optimizer.step(values, new float[] {(float) random.nextGaussian(), 0}, RATE);
        }
        assertThat(Float.floatToIntBits(values[1])).isEqualTo(Float.floatToIntBits(0.7f));
        assertThat(values[0]).isNotEqualTo(0.1f);
    }

    @ParameterizedTest
    @EnumSource
    void aRestoredStateContinuesBitwise(OptimizerKind kind) {
        var straight = kind.create(3, 0.01);
        float[] values = {1, 2, 3};
        float[] resumedValues = values.clone();
        float[] gradient = {0.5f, -1, 2};
        straight.step(values, gradient, RATE);

        var resumed = kind.create(3, 0.01);
        System.arraycopy(values, 0, resumedValues, 0, 3);
        for (int slot = 0; slot < straight.state().size(); slot++) {
            System.arraycopy(straight.state().get(slot), 0, resumed.state().get(slot), 0, 3);
        }
        resumed.resumeAt(straight.steps());

        straight.step(values, gradient, RATE);
        resumed.step(resumedValues, gradient, RATE);
        assertThat(resumedValues).isEqualTo(values);
    }

    @Test
    void theLinearScheduleRisesThenFallsTowardsZero() {
        assertThat(Schedule.LINEAR.factor(0, 10, 0)).isEqualTo(1);
        assertThat(Schedule.LINEAR.factor(9, 10, 0)).isCloseTo(0.1, within(1e-12));
        assertThat(Schedule.LINEAR.factor(0, 10, 2)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(Schedule.LINEAR.factor(2, 10, 2)).isEqualTo(1);
        assertThat(Schedule.CONSTANT.factor(9, 10, 2)).isEqualTo(1);
    }

    @Test
    void theCosineScheduleFallsSlowlyAtBothEnds() {
        assertThat(Schedule.COSINE.factor(0, 12, 2)).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(Schedule.COSINE.factor(2, 12, 2)).isEqualTo(1);
        assertThat(Schedule.COSINE.factor(7, 12, 2)).isCloseTo(0.5, within(1e-12));
        assertThat(Schedule.COSINE.factor(11, 12, 2)).isCloseTo(0.0244717418, within(1e-9));
        assertThat(Schedule.COSINE.factor(3, 4, 9))
                .as("a warm-up longer than training")
                .isEqualTo(0.4);
    }

    @Test
    void eachTensorIsClippedByItsOwnNorm() {
        float[] gradient = {3, 4, 0.3f, 0.4f, 0, 6};
        GradientNorm.clipEachInPlace(FloatBlocks.of(gradient), List.of(new int[] {0, 2, 4}), 1);
        assertThat(gradient).containsExactly(0.6f, 0.8f, 0.3f, 0.4f, 0, 1);
    }

    @Test
    void clippingScalesToTheLimitAndLeavesSmallGradientsAlone() {
        float[] gradient = {3, 4};
        GradientNorm.clipInPlace(FloatBlocks.of(gradient), GradientNorm.of(gradient), 1);
        assertThat(gradient).containsExactly(0.6f, 0.8f);
        GradientNorm.clipInPlace(FloatBlocks.of(gradient), GradientNorm.of(gradient), 2);
        assertThat(gradient).containsExactly(0.6f, 0.8f);
        GradientNorm.clipInPlace(FloatBlocks.of(gradient), GradientNorm.of(gradient), 0);
        assertThat(gradient).containsExactly(0.6f, 0.8f);
    }

    @Test
    void theNormOfAnOverflownGradientIsNotFinite() {
        assertThat(GradientNorm.of(new float[] {1, Float.NaN})).isNaN();
        assertThat(GradientNorm.of(new float[] {Float.NEGATIVE_INFINITY})).isInfinite();
    }

    /** Long enough to be worked off by several threads. */
    private static final int MANY = 5 * Pieces.SIZE + 777;

    private static float[] drawn(long seed) {
        Random random = new Random(seed);
        float[] values = new float[MANY];
        for (int i = 0; i < MANY; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void theNormIsThatOfTheWholeRowWhereverItIsCut() {
        float[] gradient = drawn(1);
        double expected = 0;
        for (float value : gradient) {
            expected += (double) value * value;
        }
        double norm = GradientNorm.of(gradient);
        assertThat(norm).isCloseTo(Math.sqrt(expected), Rounding.twice(MANY).of(Math.sqrt(expected)));
        for (int cut : new int[] {0, 1, 5, Pieces.SIZE - 1, Pieces.SIZE, 2 * Pieces.SIZE + 3, MANY}) {
            FloatBlocks cutOnce =
                    FloatBlocks.of(Arrays.copyOf(gradient, cut), new float[0], Arrays.copyOfRange(gradient, cut, MANY));
            assertThat(GradientNorm.of(cutOnce)).as("cut at %d", cut).isEqualTo(norm);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyNumberOfThreadsMovesValuesToTheSameBits(OptimizerKind kind) throws Exception {
        float[] gradient = drawn(2);
        float[] expected = drawn(3);
        Optimizer slow = kind.create(1, 0.01);
        float[] value = new float[1];
        for (int i = 0; i < MANY; i++) {
            // One value at a time: nothing is cut, and nothing runs beside it.
            value[0] = expected[i];
            slow.state().forEach(state -> state[0] = 0);
            slow.resumeAt(0);
            slow.step(value, new float[] {gradient[i]}, 1e-3);
            expected[i] = value[0];
        }
        double norm = GradientNorm.of(gradient);
        for (int threads = 1; threads <= 4; threads++) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            try {
                float[] values = drawn(3);
                float[] same = gradient.clone();
                pool.submit(() -> kind.create(MANY, 0.01).step(values, same, 1e-3))
                        .get();
                assertThat(values).as("%d threads", threads).isEqualTo(expected);
                assertThat(pool.submit(() -> GradientNorm.of(same)).get()).isEqualTo(norm);
            } finally {
                pool.shutdown();
            }
        }
    }
}
