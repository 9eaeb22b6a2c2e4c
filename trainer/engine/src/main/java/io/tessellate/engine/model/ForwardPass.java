package io.tessellate.engine.model;

import static io.tessellate.engine.backend.Product.ABT;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;

/**
 * A BERT encoder's forward pass (Devlin et al. 2019): embeddings, then per layer multi-head attention and a feed-forward
 * block, each with a residual connection and a layer normalisation after it.
 */
record ForwardPass(Backend backend, ModelConfig config) {
    /** Computes everything in {@code memory} from the weights and the batch. */
    void run(EncoderTensors weights, Batch batch, Activations memory) {
        embed(weights, batch, memory);
        for (int l = 0; l < memory.layers().size(); l++) {
            layer(weights.layers().get(l), batch, memory, memory.layers().get(l));
        }
    }

    private void embed(EncoderTensors weights, Batch batch, Activations memory) {
        backend.gatherRows(weights.words(), batch.ids(), memory.sum(), false);
        backend.gatherRows(weights.types(), batch.types(), memory.sum(), true);
        backend.gatherRows(weights.positions(), batch.positions(), memory.sum(), true);
        backend.norm(memory.sum(), weights.norm(), config.normEpsilon(), memory.embeddedState(), memory.embedded());
    }

    private void layer(EncoderTensors.Layer w, Batch batch, Activations memory, LayerActivations a) {
        attend(w, batch, a);
        backend.multiply(ABT, a.context(), w.output(), memory.sum());
        backend.addBiasAndResidual(memory.sum(), w.outputBias(), a.input());
        backend.norm(memory.sum(), w.attentionNorm(), config.normEpsilon(), a.attendedState(), a.attended());

        backend.multiply(ABT, a.attended(), w.up(), a.inner());
        backend.biasGelu(a.inner(), w.upBias(), a.activated());
        backend.multiply(ABT, a.activated(), w.down(), memory.sum());
        backend.addBiasAndResidual(memory.sum(), w.downBias(), a.attended());
        backend.norm(memory.sum(), w.norm(), config.normEpsilon(), a.outputState(), a.output());
    }

    /** context = softmax(Q K^T / sqrt(width)) V per head, over the real tokens only. */
    private void attend(EncoderTensors.Layer w, Batch batch, LayerActivations layer) {
        Attention attention = layer.attention();
        TokenRows rows = batch.rows();
        backend.multiply(ABT, layer.input(), w.projections(), layer.projections());
        backend.addBias(layer.projections(), w.projectionBias());
        if (rows.packed()) {
            backend.gatherRows(layer.projections(), rows.packedOf(), attention.projections(), false);
        }
        backend.attend(attention, batch.lengths());
        if (rows.packed()) {
            backend.gatherRows(attention.context(), rows.paddedOf(), layer.context(), false);
        }
    }
}
