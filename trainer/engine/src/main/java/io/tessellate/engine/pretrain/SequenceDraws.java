package io.tessellate.engine.pretrain;

import io.tessellate.engine.model.batch.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Draws sequences without repetition until all are through, then begins again in another order. */
final class SequenceDraws {
    private final List<TokenSequence> corpus;
    private final RandomGenerator random;
    private final int[] order;
    private int next;

    SequenceDraws(List<TokenSequence> corpus, RandomGenerator random) {
        this.corpus = List.copyOf(corpus);
        this.random = random;
        this.order = IntStream.range(0, this.corpus.size()).toArray();
        this.next = order.length;
    }

    List<TokenSequence> next(int count) {
        List<TokenSequence> drawn = new ArrayList<>(count);
        while (drawn.size() < count) {
            if (next == order.length) {
                shuffle();
            }
            drawn.add(corpus.get(order[next++]));
        }
        return drawn;
    }

    private void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        next = 0;
    }
}
