package io.tessellate.engine.train;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner;
import io.tessellate.engine.objective.Learner.Part;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.train.replay.Distillation;
import io.tessellate.engine.train.replay.Replay;
import io.tessellate.engine.train.replay.ReplayDraws.Draw;
import java.util.List;
import java.util.stream.IntStream;

/** The gradient of one step: the new task's batch through its head, plus what is replayed. */
final class StepGradient implements AutoCloseable {
    private final int microBatch;
    private final List<EncodedExample> examples;
    private final Learner learner;
    private final Replay replay;
    private final Learner.Sums sums;

    /**
     * Memory for the gradients of these tensors and of a head.
     *
     * @param microBatch most examples at once; 0: all
     * @param examples what batches are drawn from
     * @param gradients taken over, and closed with this object
     */
    StepGradient(
            int microBatch,
            List<EncodedExample> examples,
            Learner learner,
            Replay replay,
            Gradients gradients,
            Head head) {
        this.microBatch = microBatch;
        this.examples = examples;
        this.learner = learner;
        this.replay = replay;
        this.sums = new Learner.Sums(gradients, HeadGradients.of(head));
    }

    /** Computes it with nothing dropped. */
    double compute(Weights weights, Head head, int[] members, List<Draw> draws) {
        return compute(weights, head, members, draws, Dropout.none());
    }

    /**
     * Computes it at the given weights and head; the new task's mean loss is returned. A step goes through the model in
     * parts of at most the recipe's micro batch, whose gradients are added up in their order.
     */
    double compute(Weights weights, Head head, int[] members, List<Draw> draws, Dropout dropout) {
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
            loss += share * learner.backward(weights, head, new Part(part, share, dropout.from(sequences)), sums);
            sequences += IntStream.of(EncodedExample.sizes(part)).sum();
        }
        replay.add(draws, weights, dropout.other(), sums.gradients());
        return loss;
    }

    /** Adds what holds earlier tasks' heads on the inputs of the batch it was computed of. */
    void add(Distillation distillation, Phase phase, long step, int[] members, Weights weights, Dropout dropout) {
        distillation.add(phase, step, members, weights, dropout.other().other(), sums.gradients());
    }

    /** Reads the gradient of entries that stand for themselves into one compact array: trained entries, then the head. */
    void read(TrainedEntries entries, float[] into) {
        entries.read(sums.gradients().vector(), into);
        readHead(entries, into);
    }

    /** Reads the gradient of the trained values, which may depend on them, into one compact array, then the head's. */
    void read(TrainedEntries entries, float[] values, float[] into) {
        entries.readGradient(sums.gradients().vector(), values, into);
        readHead(entries, into);
    }

    private void readHead(TrainedEntries entries, float[] into) {
        float[] head = sums.head().values();
        System.arraycopy(head, 0, into, entries.size(), head.length);
    }

    @Override
    public void close() {
        sums.gradients().close();
    }
}
