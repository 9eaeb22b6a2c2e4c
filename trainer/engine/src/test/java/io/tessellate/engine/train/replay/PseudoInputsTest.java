package io.tessellate.engine.train.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.recipe.Seeds;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PseudoInputsTest {
    private static final int VOCABULARY = 50;
    private static final int CLS = 1;
    private static final int SEP = 2;

    /** Texts of ten words 10 to 39, single and in pairs of five. */
    private final List<TokenSequence> singles =
            IntStream.range(0, 200).mapToObj(n -> sequence(n, 12, false)).toList();

    private final List<TokenSequence> pairs =
            IntStream.range(0, 200).mapToObj(n -> sequence(n, 13, true)).toList();

    private static TokenSequence sequence(int number, int length, boolean pair) {
        int[] ids = new int[length];
        int[] types = new int[length];
        for (int n = 0; n < length; n++) {
            ids[n] = 10 + (number * 7 + n * 11) % 30;
            types[n] = pair && n > 6 ? 1 : 0;
        }
        ids[0] = CLS;
        ids[length - 1] = SEP;
        if (pair) {
            ids[6] = SEP;
        }
        return new TokenSequence(ids, types);
    }

    private static PseudoInputs inputs(List<TokenSequence> shapes, long seed) {
        return new PseudoInputs(shapes, VOCABULARY, new Seeds(seed));
    }

    @Test
    void whatEveryInputHasStaysAndTheRestIsDrawnFromTheWholeVocabulary() {
        PseudoInputs inputs = inputs(singles, 5);
        Set<Integer> seen = new HashSet<>();
        for (int number = 0; number < singles.size(); number++) {
            int[] ids = inputs.apply(number).ids();
            assertThat(ids).hasSize(12).startsWith(CLS).endsWith(SEP);
            IntStream.range(1, 11).forEach(n -> seen.add(ids[n]));
        }
        assertThat(seen).hasSize(VOCABULARY - 2).doesNotContain(CLS, SEP);
    }

    @Test
    void anInputIsAFunctionOfTheSeedAndItsNumber() {
        assertThat(inputs(singles, 5).apply(3)).isEqualTo(inputs(singles, 5).apply(3));
        assertThat(inputs(singles, 5).apply(3)).isNotEqualTo(inputs(singles, 6).apply(3));
        assertThat(inputs(singles, 5).apply(3)).isNotEqualTo(inputs(singles, 5).apply(4));
    }

    @Test
    void secondTextsAreLikeTheFirstToEveryDegree() {
        PseudoInputs inputs = inputs(pairs, 5);
        int[] alike = new int[6];
        for (int number = 0; number < pairs.size(); number++) {
            TokenSequence input = inputs.apply(number);
            int[] ids = input.ids();
            assertThat(input.types()).isEqualTo(pairs.get(number).types());
            assertThat(new int[] {ids[0], ids[6], ids[12]}).containsExactly(CLS, SEP, SEP);
            alike[(int) IntStream.range(1, 6).filter(n -> ids[n] == ids[6 + n]).count()]++;
        }
        assertThat(alike).doesNotContain(0);
    }

    @Test
    void ofASingleInputNothingIsKnownToVary() {
        assertThat(inputs(singles.subList(0, 1), 5).apply(0)).isEqualTo(singles.get(0));
    }
}
