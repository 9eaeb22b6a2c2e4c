package io.tessellate.engine.train.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.recipe.ReplaySchedule;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplayDrawsTest {
    private static ReplayDraws draws(double perStep, int... sizes) {
        return draws(ReplaySchedule.CONSTANT, perStep, 100, sizes);
    }

    private static ReplayDraws draws(ReplaySchedule schedule, double perStep, long steps, int... sizes) {
        return new ReplayDraws(perStep, schedule, steps, sizes, new Seeds(4), "replay");
    }

    @Test
    void tasksTakeTurnsStepByStep() {
        ReplayDraws draws = draws(2, 5, 5, 5);
        assertThat(draws.next()).extracting(Draw::task).containsExactly(0, 0);
        assertThat(draws.next()).extracting(Draw::task).containsExactly(1, 1);
        draws.next();
        assertThat(draws.next()).extracting(Draw::task).containsExactly(0, 0);
    }

    @Test
    void fractionsAddUpOverSteps() {
        ReplayDraws draws = draws(0.4, 5);
        List<Integer> counts =
                Stream.generate(() -> draws.next().size()).limit(10).toList();
        assertThat(counts).containsExactly(0, 0, 1, 0, 1, 0, 0, 1, 0, 1);
    }

    @Test
    void aMemoryIsUsedUpBeforeItRepeats() {
        ReplayDraws draws = draws(4, 8);
        assertThat(Stream.concat(draws.next().stream(), draws.next().stream())
                        .map(Draw::position)
                        .collect(Collectors.toSet()))
                .hasSize(8);
    }

    @Test
    void withoutEarlierTasksNothingIsReplayed() {
        assertThat(draws(2).next()).isEmpty();
    }

    @Test
    void skippingStepsGivesTheSameContinuation() {
        ReplayDraws straight = draws(1.5, 3, 7);
        straight.next(11);
        ReplayDraws resumed = draws(1.5, 3, 7);
        resumed.next(11);
        assertThat(resumed.next()).isEqualTo(straight.next());
        assertThat(draws(1.5, 3, 7).next()).isNotEqualTo(straight.next());
    }

    @Test
    void aMemoryIsAFixedShareOfDistinctExamples() {
        int[] memory = ReplayDraws.memory("sst2", 200, 0.1);
        assertThat(memory).hasSize(20).doesNotHaveDuplicates();
        assertThat(ReplayDraws.memory("sst2", 200, 0.1)).isEqualTo(memory);
        assertThat(ReplayDraws.memory("mrpc", 200, 0.1)).isNotEqualTo(memory);
        assertThat(ReplayDraws.memory("tiny", 3, 0.1)).hasSize(1);
    }

    private static List<Integer> counts(ReplaySchedule schedule, double perStep, int steps) {
        ReplayDraws draws = draws(schedule, perStep, steps, 5, 7);
        return Stream.generate(() -> draws.next().size()).limit(steps).toList();
    }

    @Test
    void aScheduleMovesReplayToTheEndOrTheBeginning() {
        assertThat(counts(ReplaySchedule.RISING, 2, 5)).containsExactly(0, 1, 2, 3, 4);
        assertThat(counts(ReplaySchedule.FALLING, 2, 5)).containsExactly(3, 3, 2, 1, 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyScheduleReplaysAsMuchOnTheAverage(ReplaySchedule schedule) {
        for (int steps : new int[] {1, 8, 37, 1000}) {
            int all = counts(schedule, 0.75, steps).stream()
                    .mapToInt(count -> count)
                    .sum();
            assertThat(all).isEqualTo((int) Math.floor(0.75 * steps + 1e-9));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyScheduleGoesOnWhereItStopped(ReplaySchedule schedule) {
        ReplayDraws straight = draws(schedule, 1.5, 40, 3, 7);
        straight.next(11);
        List<Draw> next = straight.next();
        ReplayDraws resumed = draws(schedule, 1.5, 40, 3, 7);
        resumed.next(11);
        assertThat(resumed.next()).isEqualTo(next);
    }
}
