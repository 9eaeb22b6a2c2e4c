package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomMaskTest {
    private final ParameterSpace space = Spaces.small();

    @Test
    void aRandomMaskHasExactlyKOfTheCandidates() {
        Mask candidates = Spaces.random(space, 0.5, new SplittableRandom(1));
        for (long k : new long[] {0, 1, 77, candidates.cardinality()}) {
            Mask mask = RandomMask.of(candidates, k, new SplittableRandom(2));
            assertThat(mask.cardinality()).isEqualTo(k);
            assertThat(mask.isSubsetOf(candidates)).isTrue();
        }
    }

    @Test
    void perTensorEachTensorGivesExactlyItsOwn() {
        Mask candidates = Spaces.random(space, 0.5, new SplittableRandom(1));
        int[] k = {3, 0, candidates.cardinality(2), 0, 20};
        Mask mask = RandomMask.perTensor(candidates, k, new SplittableRandom(2));
        assertThat(mask.isSubsetOf(candidates)).isTrue();
        for (int t = 0; t < k.length; t++) {
            assertThat(mask.cardinality(t)).isEqualTo(k[t]);
        }
        int[] more = {0, candidates.cardinality(1) + 1, 0, 0, 0};
        assertThatThrownBy(() -> RandomMask.perTensor(candidates, more, new SplittableRandom(2)))
                .hasMessageContaining(
                        "of tensor '%s' are wanted".formatted(space.tensor(1).name()));
    }

    @Test
    void theSameSeedGivesTheSameMask() {
        Mask all = Mask.all(space);
        assertThat(RandomMask.of(all, 100, new SplittableRandom(3)))
                .isEqualTo(RandomMask.of(all, 100, new SplittableRandom(3)))
                .isNotEqualTo(RandomMask.of(all, 100, new SplittableRandom(4)));
    }

    @Test
    void everyWeightIsEquallyLikely() {
        ParameterSpace ten = Spaces.of(2, 5);
        SplittableRandom random = new SplittableRandom(5);
        int[] drawn = new int[10];
        for (int n = 0; n < 20_000; n++) {
            for (int index : RandomMask.of(Mask.all(ten), 3, random).indices(0)) {
                drawn[index]++;
            }
        }
        assertThat(drawn).satisfies(counts -> {
            for (int count : counts) {
                assertThat(count).isBetween(5_750, 6_250);
            }
        });
    }

    @Test
    void moreThanThereIsIsRefused() {
        assertThatThrownBy(() -> RandomMask.of(Mask.none(space), 1, new SplittableRandom(1)))
                .hasMessage("1 weights are wanted but 0 may be chosen");
    }
}
