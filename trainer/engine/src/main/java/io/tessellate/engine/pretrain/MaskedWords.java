package io.tessellate.engine.pretrain;

import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A batch of sequences in which some words are hidden (Devlin et al. 2019, 3.1): of the chosen 15 %, 80 % become the mask
 * token, 10 % a random word, 10 % stay.
 *
 * @param batch as the encoder sees it
 * @param rows which row of the last hidden vectors each hidden word's is in
 * @param words what each hidden word is
 */
record MaskedWords(Batch batch, int[] rows, int[] words) {
    /** Hides words of some sequences; at least one of each sequence that has any. */
    static Masking masking(PretrainingPlan plan, RandomGenerator random) {
        return new Masking(plan, random);
    }

    /** The act of hiding. */
    record Masking(PretrainingPlan plan, RandomGenerator random) {
        Hidden hide(TokenSequence sequence) {
            int[] ids = sequence.ids();
            int[] candidates = IntStream.range(0, ids.length)
                    .filter(i -> ids[i] >= plan.firstWordToken())
                    .toArray();
            int wanted = candidates.length == 0
                    ? 0
                    : Math.max(1, (int) Math.round(PretrainingPlan.MASKED * candidates.length));
            int[] positions = new int[wanted];
            int[] words = new int[wanted];
            for (int n = 0; n < wanted; n++) {
                int pick = random.nextInt(n, candidates.length);
                positions[n] = candidates[pick];
                candidates[pick] = candidates[n];
                words[n] = ids[positions[n]];
                ids[positions[n]] = shown(words[n]);
            }
            return new Hidden(new TokenSequence(ids, sequence.types()), positions, words);
        }

        private int shown(int word) {
            double draw = random.nextDouble();
            if (draw < PretrainingPlan.SHOWN_AS_MASK) {
                return plan.maskToken();
            }
            boolean other = draw < PretrainingPlan.SHOWN_AS_MASK + PretrainingPlan.SHOWN_AS_RANDOM;
            return other ? random.nextInt(plan.firstWordToken(), plan.model().vocabulary()) : word;
        }
    }

    /** One sequence with hidden words. */
    record Hidden(TokenSequence sequence, int[] positions, int[] words) {}

    /** Puts sequences with hidden words together. */
    static MaskedWords of(List<Hidden> hidden, ModelConfig config) {
        Batch batch = Batch.of(hidden.stream().map(Hidden::sequence).toList(), config);
        IntStream.Builder rows = IntStream.builder();
        IntStream.Builder words = IntStream.builder();
        for (int b = 0; b < hidden.size(); b++) {
            Hidden one = hidden.get(b);
            for (int n = 0; n < one.positions().length; n++) {
                rows.add(batch.row(b, one.positions()[n]));
                words.add(one.words()[n]);
            }
        }
        return new MaskedWords(batch, rows.build().toArray(), words.build().toArray());
    }
}
