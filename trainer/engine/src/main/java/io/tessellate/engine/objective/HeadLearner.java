package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;

/** Objectives that a head of the task's own is trained towards. */
record HeadLearner(Encoder encoder, ModelConfig config, HeadObjective objective) implements Learner {
    @Override
    public double weight(List<EncodedExample> examples) {
        return examples.size();
    }

    @Override
    public double backward(Weights weights, Head head, Part part, Sums sums) {
        Step step = new Step(
                EncodedExample.batch(part.examples(), config),
                objective.targets(part.examples()),
                part.scale(),
                part.dropout());
        return encoder.backward(weights, head, step, sums.gradients(), sums.head())
                .loss();
    }

    @Override
    public double loss(Weights weights, Head head, List<EncodedExample> examples) {
        float[] logits = HeadScorer.flat(new HeadScorer(encoder, config, objective).logits(weights, head, examples));
        return objective.targets(examples).loss(logits, head.labels(), 1, new float[logits.length]);
    }
}
