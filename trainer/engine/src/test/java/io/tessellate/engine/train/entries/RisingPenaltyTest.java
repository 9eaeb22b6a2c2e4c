package io.tessellate.engine.train.entries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RisingPenaltyTest {
    private static RisingPenalty over(long ramp) {
        return RisingPenalty.over(FloatBlocks.of(List.of(new float[] {1})), List.of(new int[] {0}), ramp);
    }

    @ParameterizedTest
    @ValueSource(longs = {60, 300, 3_000})
    void theFirstHalfOfTheRampTakesAQuarterOfAnEFoldingWhateverItsLength(long ramp) {
        RisingPenalty penalty = over(ramp);
        double taken = LongStream.range(0, ramp / 2)
                .mapToDouble(step -> -Math.log(1 - penalty.strength(step)))
                .sum();
        assertThat(taken).isCloseTo(0.25, within(0.01));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 60, 3_000})
    void itRisesAndIsThenHeldAtItsStrongest(long ramp) {
        RisingPenalty penalty = over(ramp);
        for (long step = 1; step <= ramp; step++) {
            assertThat(penalty.strength(step)).isGreaterThan(penalty.strength(step - 1));
        }
        assertThat(penalty.strength(ramp)).isEqualTo(0.995);
        assertThat(penalty.strength(ramp + 1000)).isEqualTo(0.995);
    }

    /** A value that is pushed by 1 a step, free, and by this penalty: the slow way. */
    @ParameterizedTest
    @ValueSource(longs = {60, 300})
    void whatIsPushedGoesFourFifthsOfItsWayUntilTheMiddleAndIsBackAtTheEnd(long ramp) {
        RisingPenalty penalty = over(ramp);
        FloatBlocks values = FloatBlocks.of(List.of(new float[] {1}));
        double middle = 0;
        double peak = 0;
        for (long step = 0; step < ramp + 20; step++) {
            values.block(0)[0] += 1;
            penalty.afterStep(values, step);
            double change = values.block(0)[0] - 1;
            peak = Math.max(peak, change);
            middle = step == ramp / 2 ? change : middle;
        }
        assertThat(middle).isGreaterThan(0.78 * ramp / 2);
        assertThat(peak).isGreaterThan(0.38 * ramp);
        assertThat(values.block(0)[0] - 1).isLessThan(0.02f);
    }

    @Test
    void whatIsNotDrawnStays() {
        FloatBlocks values = FloatBlocks.of(List.of(new float[] {3, 5}));
        RisingPenalty.over(FloatBlocks.of(List.of(new float[] {1, 1})), List.of(new int[] {1}), 0)
                .afterStep(values, 0);
        assertThat(values.block(0)[0]).isEqualTo(3);
        assertThat(values.block(0)[1]).isCloseTo(1.02f, within(1e-6f));
    }
}
