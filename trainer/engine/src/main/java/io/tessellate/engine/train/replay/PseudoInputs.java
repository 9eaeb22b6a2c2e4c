package io.tessellate.engine.train.replay;

import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.recipe.Seeds;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Inputs for pseudorehearsal (Robins 1995, "Catastrophic forgetting, rehearsal and pseudorehearsal", Connection Science 7): random tokens in
 * the shape of the new task's own inputs, one for each. What every own input has, as a tokenizer's special tokens and a template's words, stays
 * where it is; every other token is drawn from the whole vocabulary, each as likely. Behind a separator, in the second of two texts, a share of
 * the tokens, another for each input, is that of the first instead: what compares texts is asked about like ones and unlike ones. An input is a
 * function of the seed and its number.
 */
final class PseudoInputs implements IntFunction<TokenSequence> {
    private final List<TokenSequence> shapes;
    private final Set<Integer> kept;
    private final int[] drawnFrom;
    private final Seeds seeds;

    /** Inputs in these shapes, for a model of so many token ids. */
    PseudoInputs(List<TokenSequence> shapes, int vocabulary, Seeds seeds) {
        this.shapes = shapes;
        this.kept = inAll(shapes);
        this.drawnFrom =
                IntStream.range(0, vocabulary).filter(id -> !kept.contains(id)).toArray();
        this.seeds = seeds;
    }

    private static Set<Integer> inAll(List<TokenSequence> sequences) {
        Set<Integer> common = new HashSet<>();
        for (int n = 0; n < sequences.size(); n++) {
            Set<Integer> ids = Arrays.stream(sequences.get(n).ids()).boxed().collect(Collectors.toSet());
            if (n == 0) {
                common.addAll(ids);
            } else {
                common.retainAll(ids);
            }
        }
        return common;
    }

    @Override
    public TokenSequence apply(int number) {
        TokenSequence shape = shapes.get(number);
        int[] ids = shape.ids();
        int[] first = {};
        int begin = 0;
        Random random = seeds.of("pseudo", number);
        double alike = random.nextDouble();
        for (int n = 0; n < ids.length; n++) {
            if (kept.contains(ids[n])) {
                first = first.length == 0 ? Arrays.copyOfRange(ids, begin, n) : first;
                begin = n + 1;
            } else if (drawnFrom.length > 0) {
                int drawn = drawnFrom[random.nextInt(drawnFrom.length)];
                boolean like = random.nextDouble() < alike && n - begin < first.length;
                ids[n] = like ? first[n - begin] : drawn;
            }
        }
        return new TokenSequence(ids, shape.types());
    }
}
