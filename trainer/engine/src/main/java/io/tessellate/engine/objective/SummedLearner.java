package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;

/**
 * The sum over each example's tokens, the mean over examples: {@code 1/B sum_b sum_t -log p(t | before)}, which long completions weigh
 * more in (LoTA's loss, <a href="https://arxiv.org/abs/2406.16797">2406.16797</a>). Where an example has one answer it is the mean.
 */
record SummedLearner(Learner mean) implements Learner {
    @Override
    public double weight(List<EncodedExample> examples) {
        return examples.size();
    }

    @Override
    public double backward(Weights weights, Head head, Part part, Sums sums) {
        double tokens = tokens(part.examples());
        Part scaled = new Part(part.examples(), part.scale() * tokens, part.dropout());
        return tokens * mean.backward(weights, head, scaled, sums);
    }

    @Override
    public double loss(Weights weights, Head head, List<EncodedExample> examples) {
        return tokens(examples) * mean.loss(weights, head, examples);
    }

    /** How many count in an example, on the average. */
    private double tokens(List<EncodedExample> examples) {
        return examples.isEmpty() ? 0 : mean.weight(examples) / examples.size();
    }
}
