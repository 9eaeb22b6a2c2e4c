package io.tessellate.engine.model.head;

import java.util.stream.IntStream;

/**
 * Examples that offer choices: every choice is a sequence of its own with one logit, and softmax cross entropy is taken over
 * the logits of one example.
 *
 * @param sizes number of choices of each example; their sequences follow each other
 * @param right number of the right choice of each example
 */
public record ChoiceTargets(int[] sizes, int[] right) implements Targets {
    @Override
    public int size() {
        return IntStream.of(sizes).sum();
    }

    @Override
    public double loss(float[] logits, int labels, double scale, float[] gradient) {
        if (labels != 1) {
            throw new IllegalArgumentException("choices need a head of one label, not " + labels);
        }
        double loss = 0;
        int from = 0;
        for (int e = 0; e < sizes.length; e++) {
            loss += ClassTargets.one(logits, from, sizes[e], right[e], scale / sizes.length, gradient);
            from += sizes[e];
        }
        return loss / sizes.length;
    }
}
