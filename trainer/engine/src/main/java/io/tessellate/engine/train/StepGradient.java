package io.tessellate.engine.train;

import io.tessellate.engine.model.Batch;
import io.tessellate.engine.model.Dropout;
import io.tessellate.engine.model.Encoder;
import io.tessellate.engine.model.Gradients;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.HeadGradients;
import io.tessellate.engine.model.Step;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.train.ReplayDraws.Draw;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The gradient of one step: the new task's batch through its head, plus what is replayed. */
final class StepGradient implements AutoCloseable {
    private final TrainingJob job;
    private final List<EncodedExample> examples;
    private final Encoder encoder;
    private final Replay replay;
    private final Gradients gradients;
    private final HeadGradients headGradients;

    /**
     * Memory for the gradients of these tensors and of a head.
     *
     * @param examples what batches are drawn from
     * @param gradients taken over, and closed with this object
     */
    StepGradient(
            TrainingJob job,
            List<EncodedExample> examples,
            Encoder encoder,
            Replay replay,
            Gradients gradients,
            Head head) {
        this.job = job;
        this.examples = examples;
        this.encoder = encoder;
        this.replay = replay;
        this.gradients = gradients;
        this.headGradients = HeadGradients.of(head);
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
        gradients.zero();
        headGradients.zero();
        int most =
                job.recipe().microBatch() == 0 ? members.length : job.recipe().microBatch();
        double loss = 0;
        for (int from = 0; from < members.length; from += most) {
            int[] part = Arrays.copyOfRange(members, from, Math.min(members.length, from + most));
            double share = (double) part.length / members.length;
            Step step = step(part, share, dropout.from(from));
            loss += share
                    * encoder.backward(weights, head, step, gradients, headGradients)
                            .loss();
        }
        replay.part(draws, dropout.other())
                .ifPresent(
                        part -> encoder.backward(weights, part.head(), part.step(), gradients, HeadGradients.none()));
        return loss;
    }

    private Step step(int[] members, double share, Dropout dropout) {
        List<EncodedExample> drawn =
                IntStream.of(members).mapToObj(examples::get).toList();
        Batch batch = EncodedExample.batch(drawn, job.parent().config());
        return new Step(batch, job.data().objective().targets(drawn), share, dropout);
    }

    /** Reads the gradient into one compact array: trained entries, then the head. */
    void read(TrainedEntries entries, float[] into) {
        entries.read(gradients.vector(), into);
        float[] head = headGradients.values();
        System.arraycopy(head, 0, into, entries.size(), head.length);
    }

    @Override
    public void close() {
        gradients.close();
    }
}
