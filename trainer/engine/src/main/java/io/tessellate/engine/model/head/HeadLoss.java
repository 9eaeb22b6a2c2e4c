package io.tessellate.engine.model.head;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Dropout;

/** The loss of a task's head on pooled features. */
public record HeadLoss(Head head, Step step, HeadGradients headGradients, Pooling pooling) implements OutputLoss {
    @Override
    public double apply(Matrix hidden, Matrix gradient) {
        float[] features = pooling.features(hidden);
        step.dropout().scale(features, head.features(), Dropout.FEATURES);
        float[] logits = head.logits(features);
        float[] logitGradient = new float[logits.length];
        double loss = step.targets().loss(logits, head.labels(), step.scale(), logitGradient);
        float[] featureGradient = head.backward(features, logitGradient, headGradients);
        step.dropout().scale(featureGradient, head.features(), Dropout.FEATURES);
        pooling.spread(featureGradient, gradient);
        return loss;
    }
}
