package io.tessellate.engine.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.recipe.RaceCandidate;
import io.tessellate.recipe.RaceCandidate.Outcome;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RaceTrial;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RaceTest {
    private static final String RATE = "learningRate";
    private static final double PRIOR = 0.004;

    /** Trials of tasks whose loss is a function of the values, the same in each group but for noise that all share. */
    private static class Known implements Trials {
        private final ToDoubleFunction<SortedMap<String, Double>> loss;
        private final double steps;
        private final List<SortedMap<String, Double>> order = new ArrayList<>();
        private double spent;

        Known(double steps, ToDoubleFunction<SortedMap<String, Double>> loss) {
            this.steps = steps;
            this.loss = loss;
        }

        @Override
        public Measurement run(SortedMap<String, Double> values, double share) {
            order.add(values);
            double cost = cost(values, share);
            spent += cost;
            double at = loss.applyAsDouble(values);
            if (!Double.isFinite(at)) {
                return Measurement.diverged(2, cost);
            }
            List<Double> groups =
                    IntStream.range(0, 8).mapToObj(g -> at + 0.05 * g).toList();
            return new Measurement(Math.round(share * steps), cost, groups, List.of());
        }

        @Override
        public double cost(SortedMap<String, Double> values, double share) {
            return share * steps + 1;
        }

        @Override
        public double overhead() {
            return 2;
        }

        @Override
        public int heldOut() {
            return 64;
        }

        @Override
        public int earlierHeldOut() {
            return 0;
        }
    }

    private static Known bestAt(double steps, double rate) {
        return new Known(steps, values -> Math.abs(Math.log(values.get(RATE) / rate)));
    }

    private static RaceResult race(Known trials, double budget) {
        return new Race(
                        List.of(RecipeField.LEARNING_RATE),
                        new TreeMap<>(Map.of(RATE, PRIOR)),
                        trials.steps,
                        budget * trials.steps,
                        trials)
                .run();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0016, 0.004, 0.01})
    void theBestOfTheGridWins(double best) {
        assertThat(race(bestAt(300, best), 2).chosen()).containsEntry(RATE, best);
    }

    /** Whatever is learnt soonest is learnt by the highest rate, also where all come to the same in the end. */
    @Test
    void shortTrialsRaiseNoRate() {
        RaceResult race = race(bestAt(300, 0.01), 0.5);
        assertThat(race.chosen()).containsEntry(RATE, PRIOR);
        assertThat(race.remark())
                .isEqualTo("where the race began, for trials this short do not tell whether a higher rate is better");
        assertThat(race(bestAt(300, 0.0016), 0.5).chosen()).containsEntry(RATE, 0.0016);
    }

    /** What seems best is not believed; what is clearly better than the prior beside it is. */
    @Test
    void aLowerRateThatIsClearlyBetterWinsAlsoBesideAHigherOneThatIsNotBelieved() {
        Map<Double, Double> losses = Map.of(0.0016, 0.3, PRIOR, 0.6, 0.01, 0.1);
        RaceResult race = race(new Known(300, values -> losses.getOrDefault(values.get(RATE), 0.9)), 0.5);
        assertThat(race.chosen()).containsEntry(RATE, 0.0016);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.00064, 0.000256, 0.025})
    void aGridWhoseEdgeWinsGoesOn(double best) {
        RaceResult race = race(bestAt(300, best), 6);
        assertThat(race.chosen()).containsEntry(RATE, best);
        assertThat(race.candidates()).hasSizeGreaterThan(3);
    }

    @Test
    void thatTheWinnerLiesAtTheEdgeIsSaidWhereTheBudgetEndedThere() {
        RaceResult race = race(bestAt(300, 0.000001), 0.5);
        assertThat(race.remark()).isEqualTo("the best, at the edge of what was tried");
        assertThat(race.cost()).isLessThanOrEqualTo(race.budget());
    }

    @ParameterizedTest
    @ValueSource(doubles = {60, 75, 150, 300, 1000, 10_000})
    void aRaceNeverCostsMoreThanItsBudget(double steps) {
        for (double best : new double[] {1e-6, 0.0016, 0.004, 0.01, 1}) {
            Known trials = bestAt(steps, best);
            RaceResult race = race(trials, 0.5);
            assertThat(race.cost()).isLessThanOrEqualTo(0.5 * steps);
            assertThat(race.cost()).isEqualTo(trials.order.isEmpty() ? 0 : trials.spent + trials.overhead());
        }
    }

    @Test
    void eachRoundTrainsHalfAsManyTwiceAsLong() {
        RaceResult race = race(bestAt(1000, 0.003), 0.5);
        assertThat(race.candidates())
                .extracting(RaceCandidate::trials)
                .satisfiesExactly(
                        prior -> assertThat(prior).hasSize(2),
                        below -> assertThat(below).hasSize(2),
                        above -> assertThat(above).hasSize(1));
        List<RaceTrial> winner = race.candidates().get(race.winner()).trials();
        assertThat((double) winner.get(1).steps() / winner.get(0).steps()).isBetween(1.9, 2.1);
    }

    @Test
    void thePriorWinsWhereNoneIsClearlyBetter() {
        Known trials = new Known(300, values -> 0.5) {
            @Override
            public Measurement run(SortedMap<String, Double> values, double share) {
                Measurement same = super.run(values, share);
                if (values.get(RATE) >= PRIOR) {
                    return same;
                }
                // Half of the groups are a little better, half a little worse: on the whole better by a hair.
                List<Double> noisy = IntStream.range(0, 8)
                        .mapToObj(g -> same.own().get(g) + (g % 2 == 0 ? -0.11 : 0.1))
                        .toList();
                return new Measurement(same.steps(), same.cost(), noisy, List.of());
            }
        };
        RaceResult race = race(trials, 0.5);
        assertThat(race.chosen()).containsEntry(RATE, PRIOR);
        assertThat(race.remark()).isEqualTo("where the race began, and none was clearly better");
    }

    @Test
    void whereNobodyHasLearntAnythingYetThePriorWins() {
        RaceResult race = race(new Known(300, values -> 0.85 + 5 * values.get(RATE)), 0.5);
        assertThat(race.chosen()).containsEntry(RATE, PRIOR);
    }

    @Test
    void aCandidateThatDivergesLosesAndIsSaid() {
        RaceResult race = race(new Known(300, values -> values.get(RATE) > 0.002 ? Double.NaN : values.get(RATE)), 1);
        assertThat(race.chosen().get(RATE)).isLessThan(0.002);
        assertThat(race.candidates()).extracting(RaceCandidate::outcome).contains(Outcome.DIVERGED, Outcome.WON);
        assertThat(race.text()).contains("(diverged)");
    }

    @Test
    void whereTheWholeGridDivergesItGoesOnDownwards() {
        RaceResult race = race(new Known(300, values -> values.get(RATE) > 0.001 ? Double.NaN : 1), 2);
        assertThat(race.chosen()).containsEntry(RATE, 0.00064);
    }

    @Test
    void whereAllDivergeTheTaskFailsAndTheCandidatesAreNamed() {
        assertThatThrownBy(() -> race(new Known(300, values -> Double.NaN), 0.5))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIVERGED))
                .hasMessageContaining("{learningRate=0.004}")
                .hasMessageContaining("{learningRate=6.4E-4}");
    }

    @Test
    void aTrainingTooShortForARaceTakesThePriorAndSaysSo() {
        Known trials = bestAt(6, 0.0016);
        RaceResult race = race(trials, 0.5);
        assertThat(race.chosen()).containsEntry(RATE, PRIOR);
        assertThat(race.text())
                .isEqualTo("learningRate 0.004: where races begin, for 6 steps have no room for one; 0.0 of 3.0 steps");
        assertThat(trials.order).isEmpty();
        assertThat(race.heldOut()).isZero();
    }

    @Test
    void severalFieldsAreRacedAtOnceOneAtATimeFromThePrior() {
        Known trials = new Known(
                2000,
                values -> Math.abs(Math.log(values.get("replayShare") / 0.5)) + Math.abs(values.get("epochs") - 3));
        SortedMap<String, Double> prior = new TreeMap<>(Map.of(RATE, PRIOR, "replayShare", 0.25, "epochs", 3.0));
        RaceResult race = new Race(
                        List.of(RecipeField.LEARNING_RATE, RecipeField.REPLAY_SHARE, RecipeField.EPOCHS),
                        prior,
                        2000,
                        1000,
                        trials)
                .run();
        assertThat(race.chosen()).containsAllEntriesOf(Map.of(RATE, PRIOR, "replayShare", 0.5, "epochs", 3.0));
        assertThat(race.candidates()).hasSizeGreaterThanOrEqualTo(7);
    }

    /** Whoever changes a number here changes what races come to, and raises the number of their rules. */
    @Test
    void thePriorIsThatOfTheRulesOfThisNumber() {
        assertThat(Race.RULES).isEqualTo(10);
        Recipe expander = Recipe.of(Map.of("method", "expander"));
        Recipe full = Recipe.of(Map.of("method", "full"));
        assertThat(RatePrior.of(expander, 128, 0.1, 75)).isEqualTo(0.004);
        assertThat(RatePrior.of(expander, 384, 0.1, 75)).isEqualTo(0.00101);
        assertThat(RatePrior.of(expander, 128, 0.025, 75)).isEqualTo(0.008);
        assertThat(RatePrior.of(expander, 128, 0.0001, 75)).isEqualTo(0.016);
        assertThat(RatePrior.of(full, 768, 1, 75)).isEqualTo(0.0000532);
        assertThat(RatePrior.of(Recipe.of(Map.of("method", "lotto")), 128, 0.1, 75))
                .isEqualTo(0.004);
    }

    @Test
    void thePriorRisesWithTheBatchAndWhereStepsAreFew() {
        Recipe recipe = Recipe.of(Map.of("method", "lotto", "batchSize", 32));
        assertThat(RatePrior.of(recipe, 128, 0.1, 150)).isEqualTo(0.00566);
        assertThat(RatePrior.of(recipe.with("batchSize", 1024), 128, 0.1, 150)).isEqualTo(0.008);
        assertThat(RatePrior.of(recipe.with("batchSize", 16), 128, 0.1, 19)).isEqualTo(0.00564);
        assertThat(RatePrior.of(recipe.with("batchSize", 16), 128, 0.1, 1)).isEqualTo(0.008);
    }

    @ParameterizedTest
    @CsvSource({"75, 0.004", "150, 0.004", "200, 0.003", "300, 0.002", "10000, 0.002"})
    void thePriorFallsWhereStepsAreManyAndEarlierTasksAreRehearsed(long steps, double rate) {
        Recipe replaying = Recipe.of(Map.of());
        assertThat(RatePrior.of(replaying, 128, 0.1, steps)).isEqualTo(rate);
        assertThat(RatePrior.of(replaying.with("replayShare", 0).with("pseudoShare", 0.5), 128, 0.1, steps))
                .isEqualTo(rate);
        assertThat(RatePrior.of(replaying.with("replayShare", 0).with("distillShare", 0), 128, 0.1, steps))
                .isEqualTo(0.004);
    }

    /** Some 240 examples, three epochs of 16: half the training has room for three short trials and no more. */
    @Test
    void aShortTrainingRacesItsThreeCandidatesOnceAndLeavesWhatDiverges() {
        Known trials = new Known(45, values -> values.get(RATE) > 0.001 ? Double.NaN : 0.5);
        RaceResult race = new Race(
                        List.of(RecipeField.LEARNING_RATE), new TreeMap<>(Map.of(RATE, 0.002)), 45, 22.5, trials)
                .run();
        assertThat(race.chosen()).containsEntry(RATE, 0.0008);
        assertThat(trials.order).hasSize(3);
        assertThat(race.cost()).isLessThanOrEqualTo(22.5);
    }

    /** A trial whose new task's loss and rise of the earlier ones' are functions of the rate. */
    private static RaceResult forgetting(DoubleUnaryOperator own, DoubleUnaryOperator earlier) {
        return forgetting(own, earlier, 0.5);
    }

    private static RaceResult forgetting(DoubleUnaryOperator own, DoubleUnaryOperator earlier, double budget) {
        Known trials = new Known(300, values -> 0) {
            @Override
            public Measurement run(SortedMap<String, Double> values, double share) {
                super.run(values, share);
                double rate = values.get(RATE);
                return new Measurement(
                        10,
                        cost(values, share),
                        Collections.nCopies(8, own.applyAsDouble(rate)),
                        Collections.nCopies(8, earlier.applyAsDouble(rate) / 8));
            }
        };
        return race(trials, budget);
    }

    /** In short trials in which nobody learns anything, the least rate would always forget the least, and so would win. */
    @Test
    void aLowerRateDoesNotWinByForgettingLessForHavingMovedLess() {
        RaceResult nobody = forgetting(rate -> rate < PRIOR ? 0.98 : 1.02, rate -> 30 * rate);
        assertThat(nobody.chosen()).containsEntry(RATE, PRIOR);
        RaceResult much = forgetting(rate -> 1, rate -> rate < PRIOR ? 0 : 1.2);
        assertThat(much.chosen()).containsEntry(RATE, PRIOR);
        RaceResult less = forgetting(rate -> rate < PRIOR ? 0.85 : 0.8, rate -> 40 * rate);
        assertThat(less.chosen()).containsEntry(RATE, PRIOR);
    }

    @Test
    void aLowerRateWinsIfItLearnsAsMuchInTheSameStepsOrIfThePriorDoesHarm() {
        RaceResult as = forgetting(rate -> rate == 0.0016 ? 0.7 : 0.75 + rate, rate -> 10 * rate);
        assertThat(as.chosen()).containsEntry(RATE, 0.0016);
        RaceResult harm = forgetting(rate -> rate < PRIOR ? 1 : 1.5, rate -> 0);
        assertThat(harm.chosen().get(RATE)).isLessThan(PRIOR);
    }

    /** A trial of a sixteenth of the course was seen to forget 1.2 of a constant answer's loss where the whole training forgot nothing. */
    @Test
    void whatEarlierTasksLoseMovesARateDownOnlyInTrialsOfAQuarterOfTheCourse() {
        DoubleUnaryOperator lost = rate -> rate < PRIOR ? 0 : 1.2;
        assertThat(forgetting(rate -> 1, lost, 0.5).chosen()).containsEntry(RATE, PRIOR);
        assertThat(forgetting(rate -> 1, lost, 4).chosen().get(RATE)).isLessThan(PRIOR);
    }
}
