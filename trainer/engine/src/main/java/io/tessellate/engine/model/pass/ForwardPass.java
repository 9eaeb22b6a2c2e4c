package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Lookup;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.model.batch.TokenInput;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.engine.model.weights.TransformerParts;
import io.tessellate.engine.model.weights.TransformerParts.Layer;
import io.tessellate.engine.model.weights.TransformerParts.Linear;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import java.util.List;
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
    private final List<RotaryAngles> angles;

    ForwardPass(Backend backend, ModelConfig config) {
        this.backend = backend;
        this.config = config;
        this.linears = new Linears(backend, config.architecture().storage());
        this.normaliser = Normaliser.of(backend, config);
        this.placePass = new PlacePass(backend, config);
        this.angles = config.architecture().positions() instanceof Positions.Rotary rotary
                ? rotary.kinds().stream()
                        .map(kind -> new RotaryAngles(kind, config.headWidth()))
                        .toList()
                : List.of();
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
        for (int kind = 0; kind < angles.size(); kind++) {
            angles.get(kind)
                    .fill(
                            tokens.positions(),
                            tokens.lengths(),
                            memory.rotations().get(kind));
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
            Matrix stream = memory.read() == null ? memory.embedded() : memory.read().stream();
            normaliser.forward(stream, weights.finalNorm(), memory.edgeState(), memory.output());
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
        if (config.architecture().normalisation().before() && w.attentionNorm() != null) {
            normaliser.forward(memory.embedded(), w.attentionNorm(), a.states().attention(), a.input());
        } else if (config.architecture().normalisation().before()) {
            copy(memory.embedded(), a.input());
        }
        project(w, a, memory.rotation(config, l));
        if (memory.places() != null) {
            placePass.project(w.projections(), l, dropout, memory.places());
        }
        attention.attend(l, a);
        ReadRows read = attention.read();
        Matrix stream = config.architecture().normalisation().before() ? memory.embedded() : a.input();
        Matrix sum = memory.sum();
        if (read != null && read.in(l)) {
            ReadActivations some = Activations.present(memory.read());
            backend.rows().gatherRows(stream, read.rows(), some.stream(), false);
            stream = some.stream();
            sum = some.sum();
        }
        Drop drop = new Drop(dropout == null ? null : dropout.behind(l, read), l);
        if (config.architecture().normalisation().before()) {
            layerWithNormsBefore(w, new Branch(stream, sum, drop), a);
        } else {
            layerWithNormsAfter(w, new Branch(stream, sum, drop), a);
        }
    }

    private void embed(TransformerParts<Matrix> weights, TokenInput tokens, Activations memory) {
        Matrix sum = weights.embeddingNorm() == null ? memory.embedded() : memory.sum();
        lookUp(weights.words(), tokens.ids(), sum, false);
        if (config.architecture().vocabulary().embeddingScale() != 1) {
            backend.rows().scale(sum, config.architecture().vocabulary().embeddingScale());
        }
        if (weights.types() != null) {
            lookUp(weights.types(), tokens.types(), sum, true);
        }
        if (weights.positions() != null) {
            lookUp(weights.positions(), config.tableRows(tokens.positions()), sum, true);
        }
        if (weights.embeddingNorm() != null) {
            normaliser.forward(sum, weights.embeddingNorm(), memory.embeddedState(), memory.embedded());
        }
    }

    private void lookUp(Matrix table, int[] ids, Matrix sum, boolean add) {
        Lookup lookup = table.lookup(ids);
        backend.rows().gatherRows(lookup.table(), lookup.rows(), sum, add);
    }

    private void project(Layer<Matrix> w, LayerActivations a, @Nullable Rotation rotation) {
        linears.apply(a.input(), w.projections().weight(), a.projections());
        if (w.projections().bias() != null) {
            backend.rows().addBias(a.projections(), w.projections().bias());
        }
        normaliser.heads(a, w.norms());
        if (rotation != null) {
            backend.attention().rotate(a.projections(), rotation, false);
        }
    }

    private void layerWithNormsAfter(Layer<Matrix> w, Branch branch, LayerActivations a) {
        Matrix sum = branch.sum();
        linears.apply(a.context(), w.output().weight(), sum);
        close(sum, w.output().bias(), branch.stream(), branch.drop().attention());
        normaliser.forward(
                sum, Activations.present(w.attentionNorm()), a.states().attention(), a.attended());

        linears.apply(a.attended(), w.up().weight(), a.inner());
        config.architecture().activation().forward(backend, a.inner(), w.up().bias(), a.activated());
        linears.apply(a.activated(), w.down().weight(), sum);
        close(sum, w.down().bias(), a.attended(), branch.drop().feedForward());
        normaliser.forward(sum, w.feedForwardNorm(), a.states().feedForward(), a.output());
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

    private void layerWithNormsBefore(Layer<Matrix> w, Branch branch, LayerActivations a) {
        boolean parallel = config.architecture().normalisation().parallel();
        Matrix stream = branch.stream();
        if (parallel) {
            normaliser.forward(stream, w.feedForwardNorm(), a.states().feedForward(), a.attended());
        }
        Result attention =
                new Result(w.output(), w.norms().attentionResult(), a.states().attentionResult());
        addTo(stream, a.context(), attention, branch.sum(), branch.drop().attention());
        if (!parallel) {
            normaliser.forward(stream, w.feedForwardNorm(), a.states().feedForward(), a.attended());
        }
        linears.apply(a.attended(), w.up().weight(), a.inner());
        config.architecture().activation().forward(backend, a.inner(), w.up().bias(), a.activated());
        Result feedForward =
                new Result(w.down(), w.norms().feedForwardResult(), a.states().feedForwardResult());
        addTo(stream, a.activated(), feedForward, branch.sum(), branch.drop().feedForward());
    }

    /**
     * How a block's last matrix becomes what is added to the stream.
     *
     * @param norm of it, if it is normalised
     * @param state for the backward pass of the norm
     */
    private record Result(
            Linear<Matrix> linear,
            @Nullable Normalisation<Matrix> norm,
            @Nullable NormState state) {}

    /** stream += dropout(norm(x W^T + bias)). */
    private void addTo(Matrix stream, Matrix x, Result result, Matrix scratch, Consumer<Matrix> drop) {
        Linear<Matrix> linear = result.linear();
        if (drop == KEEP && result.norm() == null) {
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
        if (result.norm() != null) {
            normaliser.forward(scratch, result.norm(), result.state(), scratch);
        }
        drop.accept(scratch);
        backend.rows().add(stream, scratch);
    }

    /**
     * What a layer behind its attention adds to.
     *
     * @param stream the hidden vectors that go into the layer, of all tokens or of those that are read
     * @param sum scratch of the same shape
     * @param drop what it drops
     */
    private record Branch(Matrix stream, Matrix sum, Drop drop) {}

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
