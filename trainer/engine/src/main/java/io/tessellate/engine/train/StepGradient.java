package io.tessellate.engine.train;

import io.tessellate.engine.model.Batch;
import io.tessellate.engine.model.Encoder;
import io.tessellate.engine.model.Gradients;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.HeadGradients;
import io.tessellate.engine.model.Step;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.train.ReplayDraws.Draw;
import java.util.List;
import java.util.stream.IntStream;

/** The gradient of one step: the new task's batch through its head, plus what is replayed. */
final class StepGradient implements AutoCloseable {
    private final TrainingJob job;
    private final Encoder encoder;
    private final Replay replay;
    private final Gradients gradients;
    private final HeadGradients headGradients;

    /**
     * Memory for the gradients of these tensors and of a head.
     *
     * @param gradients taken over, and closed with this object
     */
    StepGradient(TrainingJob job, Encoder encoder, Replay replay, Gradients gradients, Head head) {
        this.job = job;
        this.encoder = encoder;
        this.replay = replay;
        this.gradients = gradients;
        this.headGradients = HeadGradients.of(head);
    }

    /** Computes it at the given weights and head; the new task's mean loss is returned. */
    double compute(Weights weights, Head head, int[] members, List<Draw> draws) {
        gradients.zero();
        headGradients.zero();
        double loss = encoder.backward(weights, head, step(members), gradients, headGradients)
                .loss();
        replay.part(draws)
                .ifPresent(
                        part -> encoder.backward(weights, part.head(), part.step(), gradients, HeadGradients.none()));
        return loss;
    }

    private Step step(int[] members) {
        List<EncodedExample> examples =
                IntStream.of(members).mapToObj(job.data().train()::get).toList();
        Batch batch = Batch.of(
                examples.stream().map(EncodedExample::tokens).toList(),
                job.parent().config());
        return new Step(batch, job.data().objective().targets(examples));
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
