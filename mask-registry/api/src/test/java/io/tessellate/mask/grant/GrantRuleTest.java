package io.tessellate.mask.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.expander.ClassCount;
import io.tessellate.mask.expander.QuasiCyclicLift;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantRuleTest {
    private static final ParameterSpace SPACE =
            new ParameterSpace(List.of(new EligibleTensor("query", 24, 24), new EligibleTensor("dense", 24, 96)));
    private static final Sha256 BASE = Sha256.of("base".getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @ValueSource(strings = {"lora", "pissa", "full", "ewc"})
    void aMethodThatChangesEveryWeightIsRefusedOnAnExclusiveModel(String method) {
        assertRefused(
                Ownership.EXCLUSIVE,
                Map.of("method", method),
                "method " + method + " needs a model registered with shared ownership");
        assertGranted(Ownership.SHARED, Map.of("method", method));
    }

    @Test
    void aFieldThatARecipeLeavesOutHasItsDefault() {
        assertRefused(Ownership.EXCLUSIVE, Map.of(), "1/10 give some row of tensor 'query' (24 x 24) 2 entries");
        assertGranted(Ownership.EXCLUSIVE, Map.of("density", 0.125));
        assertGranted(Ownership.SHARED, Map.of("density", 0.125));
    }

    @ParameterizedTest
    @CsvSource({
        "expander, 0.75, nearer to all weights than to the half",
        "expander, 0.1, at least 3 are needed: choose a density of at least 0.1250",
        "matchings, 0.1, at least 3 are needed: choose a density of at least 0.1250",
        "switches, 0.1, at least 3 are needed: choose a density of at least 0.1250",
        "one_sided, 0.01, gives a column of tensor 'query' (24 x 24) no entry",
        "lotto, 0.0001, density 1.0E-4 of 2880 weights leaves none",
        "random, 1e-9, leaves none"
    })
    void aDensityThatTheSmallestMatrixCannotHaveIsRefused(String method, double density, String message) {
        assertRefused(Ownership.EXCLUSIVE, Map.of("method", method, "density", density), message);
        assertRefused(Ownership.SHARED, Map.of("method", method, "density", density), message);
    }

    @Test
    void overwritingAndParallelTrainingDependOnHowWeightsAreShared() {
        Map<String, Object> overlap = Map.of("method", "lotto", "exhaustion", "overlap");
        assertRefused(
                Ownership.EXCLUSIVE, overlap, "exhaustion overlap needs a model registered with shared ownership");
        assertGranted(Ownership.SHARED, overlap);
        Map<String, Object> parallel = Map.of("density", 0.25, "parallel", true);
        assertRefused(Ownership.SHARED, parallel, "parallel tasks need a model registered with exclusive ownership");
        assertGranted(Ownership.EXCLUSIVE, parallel);
        assertRefused(
                Ownership.EXCLUSIVE, Map.of("method", "lotto", "parallel", true), "method lotto finds its own later");
    }

    @Test
    void aWishStandsForSoManyWeights() {
        GrantRule terms = new GrantRule(SPACE, Ownership.SHARED);
        assertThat(terms.weights(MaskRequest.ofRecipe(Map.of("method", "full"))))
                .isEqualTo(2880);
        assertThat(terms.weights(MaskRequest.ofRecipe(Map.of("method", "lotto", "density", 0.3))))
                .isEqualTo(864);
        assertThat(terms.weights(MaskRequest.ofRecipe(Map.of("method", "matchings", "density", 0.3))))
                .isEqualTo(24 * 7 + 24 * 28);
        assertThat(terms.weights(MaskRequest.ofRecipe(Map.of("density", 0.25)))).isEqualTo(720);
    }

    @Test
    void aFieldThatBreaksItsRuleIsRefusedByName() {
        assertThat(refusalOfReading(Map.of("density", 2))).hasMessageContaining("recipe field 'density' is 2");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.125, 0.25, 0.4, 0.5, 0.51, 0.6666666666666666})
    void everyTaskOfOneDensityDrawsFromOnePartition(double density) {
        ClassPartition partition = ClassPartition.of(BASE, SPACE, density, false);
        assertThat(partition.classes()).isEqualTo(ClassCount.of(SPACE, density));
        assertThat(partition.seed()).isEqualTo(ClassPartition.seed(BASE, partition.classes()));
        assertThat(partition.lowestFree(Set.of(), lift -> true)).contains(partition.at(0));
        assertThat(partition.lowestFree(Set.of(partition.at(0)), lift -> true)).contains(partition.at(1));
        assertThat(partition.lowestFree(Set.of(), lift -> false)).isEmpty();
        assertThat(partition.holds(partition.at(1))).isTrue();
        assertThat(ClassPartition.of(BASE, SPACE, density, true).holds(partition.at(1)))
                .isFalse();
    }

    @Test
    void theSeedOfABaseNeverChanges() {
        // Reservations in the log name it: another seed would make partitions that cross those of earlier tasks.
        assertThat(ClassPartition.seed(BASE, 10)).isEqualTo(-7315352477654652107L);
    }

    @Test
    void aCountIsShrunkToWhatIsFreeIfAskedForAndAStructureNever() {
        GrantRule rule = new GrantRule(SPACE, Ownership.EXCLUSIVE);
        Taken most = Taken.of(RandomMask.of(Mask.all(SPACE), 2800, new SplittableRandom(1)));
        assertThat(rule.grant(MaskRequest.of("lotto", 0.3, Exhaustion.REJECT), most))
                .isEmpty();
        assertThat(rule.grant(MaskRequest.of("lotto", 0.3, Exhaustion.SHRINK), most))
                .contains(Grant.of(80));
        assertThat(rule.grant(MaskRequest.of("matchings", 0.3, Exhaustion.SHRINK), most))
                .isEmpty();
        assertThat(rule.grant(MaskRequest.of("lotto", 0.3, Exhaustion.SHRINK), Taken.of(Mask.all(SPACE))))
                .isEmpty();
        assertThat(new GrantRule(SPACE, Ownership.SHARED).grant(MaskRequest.of("lotto", 0.3, Exhaustion.REJECT), most))
                .contains(Grant.of(864));
    }

    @Test
    void aClassIsTheOneHeldOrTheLowestThatIsNeitherOwnedNorReserved() {
        GrantRule rule = new GrantRule(SPACE, Ownership.EXCLUSIVE);
        MaskRequest request = MaskRequest.of("expander", 0.25, Exhaustion.REJECT);
        ClassPartition partition = ClassPartition.of(BASE, SPACE, 0.25, false);
        Mask first = Taken.of(Mask.none(SPACE)).lift(partition.at(0)).mask(0);
        Taken taken = new Taken(first, Optional.empty(), List.of(partition.at(1)));

        assertThat(lift(rule.grant(request, taken))).contains(partition.at(2));
        assertThat(lift(rule.grant(request, new Taken(first, Optional.of(partition.at(3)), List.of()))))
                .contains(partition.at(3));
        assertThat(lift(rule.grant(request, new Taken(first, Optional.of(partition.at(0)), List.of()))))
                .contains(partition.at(1));
        assertThat(rule.grant(request, Taken.of(Mask.all(SPACE)))).isEmpty();
        assertThat(rule.grant(request, taken).orElseThrow().budget())
                .isEqualTo(taken.lift(partition.at(2)).mask(2).cardinality());
    }

    private static Optional<ExpanderClass> lift(Optional<Grant> grant) {
        return grant.flatMap(Grant::lift);
    }

    private static TessellateException refusalOfReading(Map<String, Object> recipe) {
        try {
            MaskRequest.ofRecipe(recipe);
        } catch (TessellateException e) {
            return e;
        }
        throw new AssertionError("granted: " + recipe);
    }

    private static void assertGranted(Ownership ownership, Map<String, Object> recipe) {
        assertThat(new GrantRule(SPACE, ownership).refusal(MaskRequest.ofRecipe(recipe)))
                .isEmpty();
    }

    private static void assertRefused(Ownership ownership, Map<String, Object> recipe, String message) {
        assertThat(new GrantRule(SPACE, ownership).refusal(MaskRequest.ofRecipe(recipe)))
                .hasValueSatisfying(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECIPE);
                    assertThat(e).hasMessageContaining(message);
                });
    }

    /** What is taken of a model, said outright. */
    private record Taken(Mask owned, Optional<ExpanderClass> held, List<ExpanderClass> reserved)
            implements Availability {
        static Taken of(Mask owned) {
            return new Taken(owned, Optional.empty(), List.of());
        }

        @Override
        public Sha256 base() {
            return BASE;
        }

        @Override
        public long free() {
            return SPACE.size() - owned.cardinality();
        }

        @Override
        public QuasiCyclicLift lift(ExpanderClass lift) {
            return new QuasiCyclicLift(SPACE, lift.lift(), lift.seed(), lift.shared());
        }

        @Override
        public Optional<ExpanderClass> again(ClassPartition partition) {
            return Optional.empty();
        }
    }
}
