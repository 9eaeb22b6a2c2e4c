package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Lookup;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.model.batch.TokenInput;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.engine.model.weights.TransformerParts;
import io.tessellate.engine.model.weights.TransformerParts.Layer;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A transformer's forward pass (Vaswani et al. 2017): embeddings, then per layer multi-head attention and a feed-forward
 * block with a residual connection each. Normalisations stand after the residual connections, or before what they feed; in
 * the latter case one stream of hidden vectors goes through all layers and is added to.
 */
final class ForwardPass {
    /** Drops nothing; known by identity. */
    private static final Consumer<Matrix> KEEP = ForwardPass::keep;

    private final Backend backend;
    private final ModelConfig config;
    private final Linears linears;
    private final Normaliser normaliser;
    private final PlacePass placePass;
    private final @Nullable RotaryAngles angles;

    ForwardPass(Backend backend, ModelConfig config) {
        this.backend = backend;
        this.config = config;
        this.linears = new Linears(backend, config.architecture().storage());
        this.normaliser = new Normaliser(backend, config.normEpsilon());
        this.placePass = new PlacePass(backend, config);
        this.angles = config.architecture().positions() instanceof Positions.Rotary rotary
                ? new RotaryAngles(rotary, config.headWidth())
                : null;
    }

    /** Computes everything in {@code memory} from the weights and the tokens. */
    void run(TransformerParts<Matrix> weights, TokenInput tokens, AttentionStep attention, Activations memory) {
        run(weights, tokens, attention, null, memory);
    }

    /** The same with hidden values dropped. */
    void run(
            TransformerParts<Matrix> weights,
            TokenInput tokens,
            AttentionStep attention,
            @Nullable DropoutSites dropout,
            Activations memory) {
        embed(weights, tokens, memory);
        if (dropout != null) {
            dropout.embeddings(memory.embedded());
        }
        if (angles != null) {
            angles.fill(tokens.positions(), Activations.present(memory.rotation()));
        }
        if (weights.places() != null) {
            placePass.embed(weights.places(), Activations.present(memory.places()));
        }
        for (int l = 0; l < memory.layers().size(); l++) {
            if (l < memory.streams().size()) {
                copy(memory.embedded(), memory.streams().get(l));
            }
            layer(l, weights, attention, dropout, memory);
        }
        if (weights.finalNorm() != null) {
            normaliser.forward(memory.embedded(), weights.finalNorm(), memory.edgeState(), memory.output());
        }
    }

    private static void keep(Matrix unchanged) {}

    private void copy(Matrix from, Matrix to) {
        int[] all = IntStream.range(0, from.rows()).toArray();
        backend.rows().gatherRows(from, all, to, false);
    }

    /** Computes once more what a layer but the highest left in the memory that layers share, from the input kept of it. */
    void again(
            int l,
            TransformerParts<Matrix> weights,
            AttentionStep attention,
            @Nullable DropoutSites dropout,
            Activations memory) {
        if (l < memory.streams().size()) {
            copy(memory.streams().get(l), memory.embedded());
        }
        layer(l, weights, attention, dropout, memory);
    }

    private void layer(
            int l,
            TransformerParts<Matrix> weights,
            AttentionStep attention,
            @Nullable DropoutSites dropout,
            Activations memory) {
        Layer<Matrix> w = weights.layers().get(l);
        LayerActivations a = memory.layers().get(l);
        if (config.architecture().normalisation().before()) {
            normaliser.forward(memory.embedded(), w.attentionNorm(), a.attentionState(), a.input());
        }
        project(w.projections(), a, memory.rotation());
        if (memory.places() != null) {
            placePass.project(w.projections(), l, dropout, memory.places());
        }
        attention.attend(l, a);
        if (config.architecture().normalisation().before()) {
            layerWithNormsBefore(w, memory, a, new Drop(dropout, l));
        } else {
            layerWithNormsAfter(w, memory.sum(), a, new Drop(dropout, l));
        }
    }

    private void embed(TransformerParts<Matrix> weights, TokenInput tokens, Activations memory) {
        Matrix sum = weights.embeddingNorm() == null ? memory.embedded() : memory.sum();
        lookUp(weights.words(), tokens.ids(), sum, false);
        if (weights.types() != null) {
            lookUp(weights.types(), tokens.types(), sum, true);
        }
        if (weights.positions() != null) {
            lookUp(weights.positions(), config.tableRows(tokens.positions()), sum, true);
        }
        if (weights.embeddingNorm() != null) {
            normaliser.forward(sum, weights.embeddingNorm(), memory.edgeState(), memory.embedded());
        }
    }

    private void lookUp(Matrix table, int[] ids, Matrix sum, boolean add) {
        Lookup lookup = table.lookup(ids);
        backend.rows().gatherRows(lookup.table(), lookup.rows(), sum, add);
    }

    private void project(Linear<Matrix> projections, LayerActivations a, @Nullable Rotation rotation) {
        linears.apply(a.input(), projections.weight(), a.projections());
        if (projections.bias() != null) {
            backend.rows().addBias(a.projections(), projections.bias());
        }
        if (rotation != null) {
            backend.attention().rotate(a.projections(), rotation, false);
        }
    }

    private void layerWithNormsAfter(Layer<Matrix> w, Matrix sum, LayerActivations a, Drop drop) {
        linears.apply(a.context(), w.output().weight(), sum);
        close(sum, w.output().bias(), a.input(), drop.attention());
        normaliser.forward(sum, w.attentionNorm(), a.attentionState(), a.attended());

        linears.apply(a.attended(), w.up().weight(), a.inner());
        config.architecture().activation().forward(backend, a.inner(), w.up().bias(), a.activated());
        linears.apply(a.activated(), w.down().weight(), sum);
        close(sum, w.down().bias(), a.attended(), drop.feedForward());
        normaliser.forward(sum, w.feedForwardNorm(), a.feedForwardState(), a.output());
    }

    /** sum = dropout(sum + bias) + residual. */
    private void close(Matrix sum, @Nullable Matrix bias, Matrix residual, Consumer<Matrix> drop) {
        if (bias == null) {
            throw new IllegalArgumentException("a layer with normalisations after it needs biases");
        }
        if (drop == KEEP) {
            backend.rows().addBiasAndResidual(sum, bias, residual);
            return;
        }
        backend.rows().addBias(sum, bias);
        drop.accept(sum);
        backend.rows().add(sum, residual);
    }

    private void layerWithNormsBefore(Layer<Matrix> w, Activations memory, LayerActivations a, Drop drop) {
        Matrix stream = memory.embedded();
        addTo(stream, a.context(), w.output(), memory.sum(), drop.attention());
        normaliser.forward(stream, w.feedForwardNorm(), a.feedForwardState(), a.attended());
        linears.apply(a.attended(), w.up().weight(), a.inner());
        config.architecture().activation().forward(backend, a.inner(), w.up().bias(), a.activated());
        addTo(stream, a.activated(), w.down(), memory.sum(), drop.feedForward());
    }

    /** stream += dropout(x W^T + bias). */
    private void addTo(Matrix stream, Matrix x, Linear<Matrix> linear, Matrix scratch, Consumer<Matrix> drop) {
        if (drop == KEEP) {
            linears.add(x, linear.weight(), stream);
            if (linear.bias() != null) {
                backend.rows().addBias(stream, linear.bias());
            }
            return;
        }
        linears.apply(x, linear.weight(), scratch);
        if (linear.bias() != null) {
            backend.rows().addBias(scratch, linear.bias());
        }
        drop.accept(scratch);
        backend.rows().add(stream, scratch);
    }

    /** What one layer drops. */
    private record Drop(@Nullable DropoutSites sites, int layer) {
        Consumer<Matrix> attention() {
            return at(DropoutSites.attention(layer));
        }

        Consumer<Matrix> feedForward() {
            return at(DropoutSites.feedForward(layer));
        }

        private Consumer<Matrix> at(int site) {
            DropoutSites active = sites;
            return active == null || !active.active() ? KEEP : x -> active.apply(site, x);
        }
    }
}
