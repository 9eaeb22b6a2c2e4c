package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.text.Completions;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Weights;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Generation: the model's own prediction of the completions' tokens; prompts are given and cost nothing. */
record CompletionLearner(LanguageModel model) implements Learner {
    private static final int BATCH = 16;

    @Override
    public double weight(List<EncodedExample> examples) {
        return examples.stream().mapToInt(EncodedExample::completionTokens).sum();
    }

    @Override
    public double backward(Weights weights, Head head, Part part, Sums sums) {
        return model.backward(weights, completions(part.examples()), part.scale(), part.dropout(), sums.gradients())
                .loss();
    }

    @Override
    public double loss(Weights weights, Head head, List<EncodedExample> examples) {
        double sum = 0;
        for (double loss : losses(weights, examples)) {
            sum += loss;
        }
        return sum / Math.max(1, weight(examples));
    }

    /** -log p of each example's completion. Which examples share a batch depends on the examples alone. */
    double[] losses(Weights weights, List<EncodedExample> examples) {
        double[] losses = new double[examples.size()];
        for (int[] members : batches(examples, Comparator.comparingInt(EncodedExample::length))) {
            double[] some = model.losses(
                    weights,
                    completions(IntStream.of(members).mapToObj(examples::get).toList()));
            for (int i = 0; i < members.length; i++) {
                losses[members[i]] = some[i];
            }
        }
        return losses;
    }

    /** Positions of examples, those next to each other in an order in one batch. */
    static List<int[]> batches(List<EncodedExample> examples, Comparator<EncodedExample> order) {
        int[] places = IntStream.range(0, examples.size())
                .boxed()
                .sorted(Comparator.comparing(examples::get, order))
                .mapToInt(Integer::intValue)
                .toArray();
        return IntStream.iterate(0, from -> from < places.length, from -> from + BATCH)
                .mapToObj(from -> IntStream.of(places).skip(from).limit(BATCH).toArray())
                .toList();
    }

    private Completions completions(List<EncodedExample> examples) {
        int[] prompts = examples.stream().mapToInt(e -> (int) e.target()).toArray();
        return new Completions(EncodedExample.batch(examples, model.config()), prompts);
    }
}
