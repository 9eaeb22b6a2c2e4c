package io.tessellate.engine.model;

import static io.tessellate.engine.backend.Product.AB;
import static io.tessellate.engine.backend.Product.ATB;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormState;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass of {@link ForwardPass}. One matrix of hidden gradients is turned in place from a layer's output to
 * its input; gradients of trainable tensors are added up on the way; it stops below the lowest of them.
 */
record BackwardPass(Backend backend, EncoderTensors weights, EncoderTensors gradients, BackwardPlan plan) {
    /** Goes down from the output's gradient in {@code memory.gradients().hidden()}. */
    void run(Batch batch, Activations memory) {
        for (int l = plan.layers().size() - 1; l >= 0; l--) {
            if (!plan.layers().get(l).any()) {
                return;
            }
            layer(l, batch, memory);
        }
        if (plan.belowLayers()) {
            embeddings(batch, memory);
        }
    }

    private void layer(int l, Batch batch, Activations memory) {
        BackwardPlan.Layer wanted = plan.layers().get(l);
        feedForward(l, memory);
        if (wanted.belowUp()) {
            attentionOutput(l, memory);
        }
        if (wanted.belowContext()) {
            attention(l, batch, memory);
        }
    }

    private void feedForward(int l, Activations memory) {
        BackwardPlan.Layer wanted = plan.layers().get(l);
        EncoderTensors.Layer w = weights.layers().get(l);
        EncoderTensors.Layer g = gradients.layers().get(l);
        LayerActivations a = memory.layers().get(l);
        GradientBuffers d = Activations.training(memory.gradients());
        norm(d.hidden(), w.norm(), a.outputState(), wanted.norm() ? g.norm() : null);
        linear(d.hidden(), a.activated(), wanted.down() ? g.down() : null, wanted.downBias() ? g.downBias() : null);
        if (wanted.belowDown()) {
            backend.multiply(AB, d.hidden(), w.down(), d.inner());
            backend.geluBackward(a.inner(), d.inner());
            linear(d.inner(), a.attended(), wanted.up() ? g.up() : null, wanted.upBias() ? g.upBias() : null);
        }
        if (wanted.belowUp()) {
            backend.multiply(AB.accumulating(), d.inner(), w.up(), d.hidden());
        }
    }

    private void attentionOutput(int l, Activations memory) {
        BackwardPlan.Layer wanted = plan.layers().get(l);
        EncoderTensors.Layer w = weights.layers().get(l);
        EncoderTensors.Layer g = gradients.layers().get(l);
        LayerActivations a = memory.layers().get(l);
        GradientBuffers d = Activations.training(memory.gradients());
        norm(d.hidden(), w.attentionNorm(), a.attendedState(), wanted.attentionNorm() ? g.attentionNorm() : null);
        linear(
                d.hidden(),
                a.context(),
                wanted.output() ? g.output() : null,
                wanted.outputBias() ? g.outputBias() : null);
        if (wanted.belowContext()) {
            backend.multiply(AB, d.hidden(), w.output(), d.context());
        }
    }

    private void attention(int l, Batch batch, Activations memory) {
        TokenRows rows = batch.rows();
        BackwardPlan.Layer wanted = plan.layers().get(l);
        EncoderTensors.Layer g = gradients.layers().get(l);
        LayerActivations layer = memory.layers().get(l);
        GradientBuffers buffers = Activations.training(memory.gradients());
        Attention d = buffers.attention();
        if (rows.packed()) {
            backend.gatherRows(buffers.context(), rows.packedOf(), d.context(), false);
        }
        backend.attendBackward(layer.attention(), batch.lengths(), d);
        if (rows.packed()) {
            backend.gatherRows(d.projections(), rows.paddedOf(), buffers.projections(), false);
        }
        linear(
                buffers.projections(),
                layer.input(),
                wanted.projections() ? g.projections() : null,
                wanted.projectionBias() ? g.projectionBias() : null);
        if (wanted.below()) {
            Matrix projections = weights.layers().get(l).projections();
            backend.multiply(AB.accumulating(), buffers.projections(), projections, buffers.hidden());
        }
    }

    private void embeddings(Batch batch, Activations memory) {
        Matrix d = Activations.training(memory.gradients()).hidden();
        norm(d, weights.norm(), memory.embeddedState(), plan.embeddingNorm() ? gradients.norm() : null);
        if (plan.embeddings()) {
            backend.scatterAddRows(d, batch.ids(), gradients.words());
            backend.scatterAddRows(d, batch.types(), gradients.types());
            backend.scatterAddRows(d, batch.positions(), gradients.positions());
        }
    }

    private void norm(Matrix d, Norm norm, @Nullable NormState state, @Nullable Norm wanted) {
        backend.normBackward(d, norm.gain(), Activations.training(state), wanted);
    }

    /** y = x W^T + b: adds dW = dy^T x and db = the column sums of dy, where wanted. */
    private void linear(Matrix dy, Matrix x, @Nullable Matrix weight, @Nullable Matrix bias) {
        if (weight != null) {
            backend.multiply(ATB.accumulating(), dy, x, weight);
        }
        if (bias != null) {
            backend.addColumnSums(dy, bias);
        }
    }
}
