package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.ParameterSpace.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {
    private final ParameterSpace space = Spaces.small();

    @ParameterizedTest
    @ValueSource(strings = {"spread", "tied", "zeros", "signs", "extreme", "near"})
    void theSelectionIsThatOfAFullSort(String kind) {
        SplittableRandom random = new SplittableRandom(kind.hashCode());
        for (int n = 0; n < 40; n++) {
            float[] values = values(kind, random);
            Scores scores = (tensor, index) -> values[(int) space.offset(tensor) + index];
            Mask candidates = Spaces.random(space, 0.2 + 0.8 * random.nextDouble(), random);
            long k = random.nextLong(candidates.cardinality() + 1);

            assertThat(TopK.global(candidates, k, scores)).isEqualTo(sorted(candidates, k, scores));
        }
    }

    private float[] values(String kind, SplittableRandom random) {
        float[] values = new float[(int) space.size()];
        for (int n = 0; n < values.length; n++) {
            values[n] = switch (kind) {
                case "spread" -> (float) random.nextDouble(-1, 1);
                case "tied" -> random.nextInt(4);
                case "zeros" -> random.nextInt(10) == 0 ? (float) random.nextDouble() : random.nextBoolean() ? 0f : -0f;
                case "signs" -> random.nextBoolean() ? 1f : -1f;
                case "extreme" ->
                    new float[] {
                                Float.NEGATIVE_INFINITY,
                                -Float.MAX_VALUE,
                                -Float.MIN_VALUE,
                                0,
                                Float.MIN_VALUE,
                                Float.POSITIVE_INFINITY
                            }
                            [random.nextInt(6)];
                default -> Float.intBitsToFloat(0x3f80fff0 + random.nextInt(32));
            };
        }
        return values;
    }

    private Mask sorted(Mask candidates, long k, Scores scores) {
        List<Location> order = new ArrayList<>();
        LongStream.range(0, space.size())
                .mapToObj(space::locate)
                .filter(weight -> candidates.contains(weight.tensor(), weight.index()))
                .forEach(order::add);
        order.sort(
                Comparator.comparing((Location weight) -> -(scores.at(weight.tensor(), weight.index()) + 0.0f) + 0.0f));
        Mask.Builder mask = Mask.builder(space);
        order.stream().limit(k).forEach(weight -> mask.add(weight.tensor(), weight.index()));
        return mask.build();
    }

    @Test
    void amongEqualScoresTheFirstWeightsAreTaken() {
        Mask mask = TopK.global(Mask.all(space), 70, (tensor, index) -> 0);
        assertThat(mask.cardinality(0)).isEqualTo(63);
        assertThat(mask.indices(1)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void perTensorEachTensorGivesItsOwn() {
        int[] k = {3, 0, 65, 1, 10};
        Mask mask = TopK.perTensor(Mask.all(space), k, (tensor, index) -> tensor * 1000 + index % 50);
        for (int t = 0; t < k.length; t++) {
            assertThat(mask.cardinality(t)).isEqualTo(k[t]);
        }
        assertThat(mask.indices(0)).containsExactly(47, 48, 49);
        assertThat(mask.indices(4)).containsExactly(49, 99, 149, 199, 249, 299, 349, 399, 449, 499);
    }

    @Test
    void tooFewCandidatesAreRefused() {
        Mask candidates = Mask.builder(space).add(0, 1).build();
        assertThatThrownBy(() -> TopK.global(candidates, 2, (tensor, index) -> 0))
                .hasMessage("2 weights are wanted but only 1 may be chosen")
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.CAPACITY);
        assertThatThrownBy(() -> TopK.perTensor(candidates, new int[] {0, 1, 0, 0, 0}, (tensor, index) -> 0))
                .hasMessageContaining("1 weights are wanted but only 0");
        assertThatThrownBy(() -> TopK.global(candidates, -1, (tensor, index) -> 0))
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> TopK.perTensor(candidates, new int[1], (tensor, index) -> 0))
                .hasMessageContaining("1 for 5");
    }

    @Test
    void aScoreThatIsNoNumberIsNamed() {
        assertThatThrownBy(() ->
                        TopK.global(Mask.all(space), 5, (tensor, index) -> tensor == 2 && index == 64 ? Float.NaN : 1))
                .hasMessage("score of weight 64 of tensor 'c' is not a number")
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.DIVERGED);
    }

    @Test
    void aScoreOutsideTheCandidatesIsNotAsked() {
        Mask candidates = Mask.all(space).minus(Mask.builder(space).add(1, 3).build());
        Mask mask = TopK.global(candidates, 5, (tensor, index) -> tensor == 1 && index == 3 ? Float.NaN : index);
        assertThat(mask.isSubsetOf(candidates)).isTrue();
    }
}
