package io.tessellate.engine.train.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.recipe.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PseudoInputsTest {
    private static final int CLS = 1;
    private static final int SEP = 2;

    /** Between the two tokens that all have there are five to eight others. */
    private final List<TokenSequence> own =
            IntStream.range(0, 400).mapToObj(n -> sequence(n, 7 + n % 4)).toList();

    private static TokenSequence sequence(int number, int length) {
        int[] ids = IntStream.range(0, length).map(n -> 3 + (number + n) % 5).toArray();
        ids[0] = CLS;
        ids[length - 1] = SEP;
        return new TokenSequence(ids, new int[length]);
    }

    private static PseudoInputs inputs(List<TokenSequence> own, long seed) {
        return new PseudoInputs(own, ToyEncoder.CONFIG, new Seeds(seed));
    }

    private List<int[]> all() {
        PseudoInputs inputs = inputs(own, 5);
        return IntStream.range(0, own.size())
                .mapToObj(n -> inputs.apply(n).ids())
                .toList();
    }

    @Test
    void theyBeginAndEndAsAllOwnInputsDoAndAreDrawnFromTheWholeVocabulary() {
        Set<Integer> seen = new HashSet<>();
        for (int[] ids : all()) {
            assertThat(ids).startsWith(CLS).endsWith(SEP);
            IntStream.of(ids).forEach(seen::add);
        }
        assertThat(seen).hasSize(ToyEncoder.CONFIG.vocabulary());
    }

    @Test
    void theyAreOfEveryLengthUpToTheLongestOwnOne() {
        assertThat(all().stream().map(ids -> ids.length).distinct().sorted()).containsExactly(3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void someAreOfTwoPartsThatAreLikeEachOtherToEveryDegree() {
        PseudoInputs inputs = inputs(own, 5);
        int[] alike = new int[4];
        for (int number = 0; number < own.size(); number++) {
            int[] ids = inputs.apply(number).ids();
            int middle = IntStream.range(0, ids.length)
                    .filter(n -> ids[n] == SEP)
                    .findFirst()
                    .orElseThrow();
            int[] types = inputs.apply(number).types();
            assertThat(types)
                    .isEqualTo(IntStream.range(0, ids.length)
                            .map(n -> n > middle ? 1 : 0)
                            .toArray());
            if (ids.length == 9 && middle < 8) {
                assertThat(middle).isEqualTo(4);
                alike[
                        (int) IntStream.range(1, 4)
                                .filter(n -> ids[n] == ids[4 + n])
                                .count()]++;
            }
        }
        assertThat(alike).doesNotContain(0);
    }

    @Test
    void anInputIsAFunctionOfTheSeedAndItsNumber() {
        assertThat(inputs(own, 5).apply(3)).isEqualTo(inputs(own, 5).apply(3));
        assertThat(IntStream.range(0, 20)
                        .filter(n ->
                                inputs(own, 6).apply(n).equals(inputs(own, 5).apply(n))))
                .hasSizeLessThan(3);
    }

    @Test
    void whereNothingVariesOrNothingEndsThemThereIsOnePart() {
        assertThat(inputs(own.subList(0, 1), 5).apply(1)).isEqualTo(own.get(0));
        List<TokenSequence> bare = IntStream.range(0, 20)
                .mapToObj(n -> new TokenSequence(new int[] {n, n + 1, n + 2, n + 3}, new int[4]))
                .toList();
        PseudoInputs ofDecoder = new PseudoInputs(bare, ToyDecoder.CONFIG, new Seeds(5));
        assertThat(IntStream.range(0, 50).map(n -> ofDecoder.apply(n).length()).max())
                .hasValue(4);
    }
}
