package io.tessellate.engine.train.replay;

import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.recipe.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Inputs for pseudorehearsal (Robins 1995, "Catastrophic forgetting, rehearsal and pseudorehearsal", Connection Science 7): random tokens, each
 * as likely, between what all of the new task's own inputs begin and end with: a tokenizer's special tokens, a template's words. Their lengths are
 * spread evenly up to that of the longest own input, for nobody knows how long earlier tasks' inputs were. Every other one is of two parts with that end behind each,
 * and of the second part's tokens a share, another for each input, is that of the first: heads that compare texts are asked about
 * like ones and unlike ones. An input is a function of the seed and its number.
 */
final class PseudoInputs implements IntFunction<TokenSequence> {
    private final int[] begin;
    private final int[] end;
    private final int room;
    private final int secondType;
    private final int[] drawnFrom;
    private final Seeds seeds;

    /** Inputs like these of a new task, for a model. */
    PseudoInputs(List<TokenSequence> own, ModelConfig config, Seeds seeds) {
        int[] first = own.get(0).ids();
        int shortest = own.stream().mapToInt(TokenSequence::length).min().orElseThrow();
        int leading = common(own, shortest, n -> n);
        int trailing = common(own, shortest - leading, n -> -1 - n);
        this.begin = IntStream.range(0, leading).map(n -> first[n]).toArray();
        this.end = IntStream.range(first.length - trailing, first.length)
                .map(n -> first[n])
                .toArray();
        this.secondType = config.tokenTypes() > 1 ? 1 : 0;
        this.drawnFrom = IntStream.range(0, config.vocabulary())
                .filter(id ->
                        IntStream.concat(IntStream.of(begin), IntStream.of(end)).noneMatch(kept -> kept == id))
                .toArray();
        int longest = own.stream().mapToInt(TokenSequence::length).max().orElseThrow();
        this.room = drawnFrom.length == 0 ? 0 : longest - leading - trailing;
        this.seeds = seeds;
    }

    /** How many tokens all sequences have in common, one after the other; a place below 0 counts from behind. */
    private static int common(List<TokenSequence> sequences, int most, IntUnaryOperator place) {
        int count = 0;
        while (count < most && areAlike(sequences, place.applyAsInt(count))) {
            count++;
        }
        return count;
    }

    private static boolean areAlike(List<TokenSequence> sequences, int place) {
        return sequences.stream()
                        .map(TokenSequence::ids)
                        .mapToInt(ids -> ids[Math.floorMod(place, ids.length)])
                        .distinct()
                        .limit(2)
                        .count()
                == 1;
    }

    @Override
    public TokenSequence apply(int number) {
        Random random = seeds.of("pseudo", number);
        int words = room == 0 ? 0 : 1 + random.nextInt(room);
        int inTwo = words - end.length;
        boolean pair = number % 2 == 1 && end.length > 0 && inTwo > 1;
        int[] first = drawn(pair ? (inTwo + 1) / 2 : words, random);
        int[] second = pair ? like(first, inTwo / 2, random) : new int[0];
        int[] ids = joined(begin, first, end, second, pair ? end : new int[0]);
        int[] types = new int[ids.length];
        Arrays.fill(types, begin.length + first.length + end.length, ids.length, secondType);
        return new TokenSequence(ids, types);
    }

    private int[] drawn(int count, Random random) {
        return IntStream.range(0, count)
                .map(n -> drawnFrom[random.nextInt(drawnFrom.length)])
                .toArray();
    }

    private int[] like(int[] first, int count, Random random) {
        double share = random.nextDouble();
        int[] second = drawn(count, random);
        for (int n = 0; n < count; n++) {
            second[n] = random.nextDouble() < share ? first[n] : second[n];
        }
        return second;
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }
}
