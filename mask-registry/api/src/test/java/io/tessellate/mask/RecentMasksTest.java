package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RecentMasksTest {
    private static final ParameterSpace SPACE = Spaces.of(600, 600);
    private static final Mask MASK = Spaces.random(SPACE, 0.5, new SplittableRandom(1));

    @Test
    void whatWasUsedLongestAgoMakesRoom() {
        RecentMasks<String, Mask> recent = new RecentMasks<>(3 * MASK.heapBytes(), Function.identity());
        recent.put("a", MASK);
        recent.put("b", MASK);
        recent.put("c", MASK);
        assertThat(recent.get("a")).contains(MASK);
        recent.put("d", MASK);

        assertThat(recent.get("b")).isEmpty();
        assertThat(recent.size()).isEqualTo(3);
        assertThat(recent.get("a")).contains(MASK);
    }

    @Test
    void smallMasksAreKeptInNumbersAndOneIsKeptHoweverLarge() {
        RecentMasks<Integer, Mask> recent = new RecentMasks<>(MASK.heapBytes() - 1, Function.identity());
        recent.put(0, MASK);
        assertThat(recent.get(0)).contains(MASK);
        Mask few = Mask.builder(SPACE).add(0, 7).build();
        for (int n = 1; n <= 100; n++) {
            recent.put(n, few);
        }
        assertThat(recent.get(0)).isEmpty();
        assertThat(recent.size()).isGreaterThan(50);
    }
}
