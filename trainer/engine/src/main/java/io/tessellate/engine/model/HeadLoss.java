package io.tessellate.engine.model;

import io.tessellate.engine.backend.Matrix;

/** The loss of a task's head on pooled features. */
record HeadLoss(Head head, Step step, HeadGradients headGradients, Pooling pooling) implements OutputLoss {
    @Override
    public double apply(Matrix hidden, Matrix gradient) {
        float[] features = pooling.features(hidden);
        float[] logits = head.logits(features);
        float[] logitGradient = new float[logits.length];
        double loss = step.targets().loss(logits, head.labels(), step.scale(), logitGradient);
        pooling.spread(head.backward(features, logitGradient, headGradients), gradient);
        return loss;
    }
}
