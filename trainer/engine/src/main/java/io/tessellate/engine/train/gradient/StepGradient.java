package io.tessellate.engine.train.gradient;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.Learner.Part;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import java.util.stream.IntStream;

/** The gradient of one step: of a batch of examples through a head, or through the model's own. */
public final class StepGradient implements AutoCloseable {
    private final int microBatch;
    private final List<EncodedExample> examples;
    private final Learner learner;
    private final Learner.Sums sums;

    /**
     * Memory for the gradients of these tensors and of a head.
     *
     * @param microBatch most examples at once; 0: all
     * @param examples what batches are drawn from
     * @param gradients taken over, and closed with this object
     */
    public StepGradient(
            int microBatch, List<EncodedExample> examples, Learner learner, Gradients gradients, Head head) {
        this.microBatch = microBatch;
        this.examples = examples;
        this.learner = learner;
        this.sums = new Learner.Sums(gradients, HeadGradients.of(head));
    }

    /**
     * Computes it at the given weights and head, and returns the examples' mean loss. A step goes through the model in
     * parts of at most the recipe's micro batch, whose gradients are added up in their order.
     */
    public double compute(Weights weights, Head head, int[] members, Dropout dropout) {
        return compute(weights, head, members, dropout, 1);
    }

    /** The same of a mean loss that counts so many times; of no example nothing. */
    double compute(Weights weights, Head head, int[] members, Dropout dropout, double scale) {
        sums.gradients().zero();
        sums.head().zero();
        List<EncodedExample> drawn =
                IntStream.of(members).mapToObj(examples::get).toList();
        double total = Math.max(1, learner.weight(drawn));
        int most = microBatch == 0 ? members.length : microBatch;
        double loss = 0;
        int sequences = 0;
        for (int from = 0; from < drawn.size(); from += most) {
            List<EncodedExample> part = drawn.subList(from, Math.min(drawn.size(), from + most));
            double share = learner.weight(part) / total;
            loss += share
                    * learner.backward(weights, head, new Part(part, scale * share, dropout.from(sequences)), sums);
            sequences += IntStream.of(EncodedExample.sizes(part)).sum();
        }
        return loss;
    }

    /** Where the weights' gradients are added up, for more to be added. */
    Gradients gradients() {
        return sums.gradients();
    }

    /** Reads the gradient of entries that stand for themselves into one compact row: trained entries, then the head. */
    void read(TrainedEntries entries, FloatBlocks into) {
        entries.read(sums.gradients().vector(), into);
        readHead(into.block(entries.blocks().length));
    }

    /**
     * Reads the gradient of the trained values, which may depend on them, into one compact row, and the head's.
     *
     * @param headAt the head's block
     */
    public void read(TrainedEntries entries, FloatBlocks values, FloatBlocks into, int headAt) {
        entries.readGradient(sums.gradients().vector(), values, into);
        readHead(into.block(headAt));
    }

    private void readHead(float[] into) {
        float[] head = sums.head().values();
        System.arraycopy(head, 0, into, 0, head.length);
    }

    @Override
    public void close() {
        sums.gradients().close();
    }
}
