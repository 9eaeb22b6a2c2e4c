package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.backend.Products.Operand;
import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenInput;
import io.tessellate.engine.model.batch.TokenRows;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.TransformerParts;
import io.tessellate.engine.model.weights.TransformerParts.Layer;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass of {@link ForwardPass}. One matrix of hidden gradients is turned in place from a layer's output to
 * its input; where normalisations come before, it is the gradient of the stream, and what a branch adds is computed beside
 * it. Gradients of trainable tensors are added up on the way; it stops below the lowest of them.
 */
final class BackwardPass {
    private final Backend backend;
    private final ModelConfig config;
    private final TransformerParts<Matrix> weights;
    private final TransformerParts<Matrix> gradients;
    private final BackwardPlan plan;
    private final Linears linears;
    private final Normaliser normaliser;
    private final PlacePass placePass;

    BackwardPass(
            Backend backend,
            ModelConfig config,
            TransformerParts<Matrix> weights,
            TransformerParts<Matrix> gradients,
            BackwardPlan plan) {
        this.backend = backend;
        this.config = config;
        this.weights = weights;
        this.gradients = gradients;
        this.plan = plan;
        this.linears = new Linears(backend, config.architecture().storage());
        this.normaliser = Normaliser.of(backend, config);
        this.placePass = new PlacePass(backend, config);
    }

    /**
     * Goes down from the output's gradient in {@code memory.outputGradient()}.
     *
     * @param attention how the forward pass attended, and for which tokens the highest layer was computed
     * @param again computes a layer's activations again, where layers share their memory
     */
    void run(AttentionStep.Within attention, DropoutSites dropout, Activations memory, IntConsumer again) {
        Matrix hidden = Activations.training(memory.gradients()).hidden();
        GradientBuffers.PlaceGradients places =
                Activations.training(memory.gradients()).places();
        if (places != null) {
            places.hidden().clear();
        }
        if (weights.finalNorm() != null) {
            Matrix dy = memory.outputGradient();
            Normalisation<Boolean> wanted = plan.wanted().finalNorm();
            normaliser.backward(dy, weights.finalNorm(), memory.edgeState(), gradients.finalNorm(), wanted);
        }
        int highest = plan.layers().size() - 1;
        for (int l = highest; l >= 0; l--) {
            if (!plan.layers().get(l).any()) {
                return;
            }
            if (memory.recomputed() && l < highest) {
                again.accept(l);
            }
            new LayerPass(l, attention.read(), dropout, memory).run(attention.batch(), memory.rotation(config, l));
        }
        if (plan.places()) {
            placePass.embedBackward(
                    Activations.present(weights.places()),
                    Activations.present(gradients.places()),
                    Activations.present(plan.wanted().places()),
                    Activations.present(memory.places()),
                    Activations.present(places).hidden());
        }
        if (plan.belowLayers()) {
            dropout.embeddings(hidden);
            embeddings(attention.batch().tokens(), hidden, memory.embeddedState());
        }
    }

    /** One layer. */
    private final class LayerPass {
        private final BackwardPlan.Layer reach;
        private final Layer<Boolean> wanted;
        private final Layer<Matrix> w;
        private final Layer<Matrix> g;
        private final LayerActivations a;
        private final GradientBuffers d;
        private final Matrix sum;
        private final boolean before;
        private final DropoutSites dropout;
        private final int l;
        private final @Nullable PlaceActivations places;
        /** The tokens for which the layer was computed behind its attention, if not for all; then gradients and scratch there. */
        private final @Nullable ReadRows read;

        private final ReadActivations.Upper upper;
        private final Matrix branch;

        LayerPass(int l, @Nullable ReadRows highest, DropoutSites sites, Activations memory) {
            this.l = l;
            this.read = highest != null && highest.in(l) ? highest : null;
            this.dropout = sites.behind(l, read);
            this.reach = plan.layers().get(l);
            this.wanted = plan.wanted().layers().get(l);
            this.w = weights.layers().get(l);
            this.g = gradients.layers().get(l);
            this.a = memory.layers().get(l);
            this.d = Activations.training(memory.gradients());
            this.before = config.architecture().normalisation().before();
            this.sum = memory.sum();
            this.places = memory.places();
            ReadActivations some = read == null ? null : memory.read();
            this.upper = some == null ? d.upper() : Activations.training(some.gradients());
            this.branch = some == null ? sum : some.sum();
        }

        void run(Batch batch, @Nullable Rotation rotation) {
            if (!before) {
                feedForwardNorm(upper.hidden());
            }
            boolean parallel = config.architecture().normalisation().parallel();
            if (parallel) {
                // What both blocks add gets the gradient that comes from above, which the second one's input adds to.
                attentionResult();
            }
            feedForward();
            if (!parallel) {
                if (reach.attended() && !before) {
                    attentionNorm(upper.hidden());
                }
                attentionResult();
            }
            if (reach.context()) {
                attention(batch, rotation);
            }
        }

        /** From the stream to the contexts of the attention. */
        private void attentionResult() {
            if (!reach.output()) {
                return;
            }
            Matrix added = added(
                    DropoutSites.attention(l),
                    w.norms().attentionResult(),
                    a.states().attentionResult(),
                    BackwardPlan.wanted(
                            g.norms().attentionResult(), wanted.norms().attentionResult()));
            try (Operand dy = linears.read(added)) {
                linears.parameters(dy, a.context(), g.output(), wanted.output());
                if (reach.context()) {
                    linears.input(dy, w.output().weight(), upper.context());
                }
            }
        }

        /** The gradient of what a block's last matrix gave, which was normalised, dropped in part and added to the stream. */
        private Matrix added(
                int site,
                @Nullable Normalisation<Matrix> norm,
                @Nullable NormState state,
                @Nullable Normalisation<Matrix> gradient) {
            Matrix added = dropout.gradient(site, upper.hidden(), branch);
            if (norm == null) {
                return added;
            }
            if (added != branch) {
                branch.clear();
                backend.rows().add(branch, added);
            }
            normaliser.backward(branch, norm, state, gradient);
            return branch;
        }

        private void feedForward() {
            Matrix added = added(
                    DropoutSites.feedForward(l),
                    w.norms().feedForwardResult(),
                    a.states().feedForwardResult(),
                    BackwardPlan.wanted(
                            g.norms().feedForwardResult(), wanted.norms().feedForwardResult()));
            try (Operand dy = linears.read(added)) {
                linears.parameters(dy, a.activated(), g.down(), wanted.down());
                if (reach.inner()) {
                    linears.input(dy, w.down().weight(), upper.activated());
                }
            }
            if (!reach.inner()) {
                return;
            }
            config.architecture().activation().backward(backend, a.inner(), upper.activated(), upper.inner());
            try (Operand inner = linears.read(upper.inner())) {
                linears.parameters(inner, a.attended(), g.up(), wanted.up());
                if (reach.attended() && before) {
                    linears.input(inner, w.up().weight(), branch);
                    feedForwardNorm(branch);
                    backend.rows().add(upper.hidden(), branch);
                } else if (reach.attended()) {
                    linears.addInput(inner, w.up().weight(), upper.hidden());
                }
            }
        }

        private void feedForwardNorm(Matrix dy) {
            normaliser.backward(
                    dy, w.feedForwardNorm(), a.states().feedForward(), g.feedForwardNorm(), wanted.feedForwardNorm());
        }

        private void attention(Batch batch, @Nullable Rotation rotation) {
            TokenRows rows = batch.rows();
            Attention padded = d.attention();
            if (read != null) {
                read.spread(backend, upper, padded.context(), d.hidden());
            } else if (rows.packed()) {
                backend.rows().gatherRows(d.context(), rows.packedOf(), padded.context(), false);
            }
            if (places == null) {
                backend.attention().attendBackward(a.attention(), batch.lengths(), dropout.probabilities(l), padded);
            } else {
                disentangled(batch, places, Activations.present(d.places()));
            }
            if (rows.packed()) {
                backend.rows().gatherRows(padded.projections(), rows.paddedOf(), d.projections(), false);
            }
            if (rotation != null) {
                backend.attention().rotate(d.projections(), rotation, true);
            }
            normaliser.headsBackward(d.projections(), a, w.norms(), g.norms(), wanted.norms());
            try (Operand dy = linears.read(d.projections())) {
                linears.parameters(dy, a.input(), g.projections(), wanted.projections());
                if (reach.input() && before) {
                    linears.input(dy, w.projections().weight(), sum);
                    attentionNorm(sum);
                    backend.rows().add(d.hidden(), sum);
                } else if (reach.input()) {
                    linears.addInput(dy, w.projections().weight(), d.hidden());
                }
            }
        }

        private void attentionNorm(Matrix gradient) {
            if (w.attentionNorm() != null) {
                normaliser.backward(
                        gradient, w.attentionNorm(), a.states().attention(), g.attentionNorm(), wanted.attentionNorm());
            }
        }

        private void disentangled(Batch batch, PlaceActivations placed, GradientBuffers.PlaceGradients gradient) {
            Matrix x = placePass.project(w.projections(), l, dropout, placed);
            backend.attention()
                    .attendBackward(
                            Activations.present(a.placed()),
                            batch.lengths(),
                            dropout.probabilities(l),
                            gradient.attention());
            try (Operand dy = linears.read(gradient.attention().places())) {
                linears.parameters(dy, x, g.projections(), wanted.projections());
            }
            if (plan.places()) {
                placePass.projectBackward(w.projections(), l, dropout, placed, gradient);
            }
        }
    }

    private void embeddings(TokenInput tokens, Matrix d, @Nullable NormState state) {
        TransformerParts<Boolean> wanted = plan.wanted();
        if (weights.embeddingNorm() != null) {
            normaliser.backward(d, weights.embeddingNorm(), state, gradients.embeddingNorm(), wanted.embeddingNorm());
        }
        if (plan.embeddings()) {
            scatter(d, tokens.types(), gradients.types(), wanted.types());
            scatter(d, config.tableRows(tokens.positions()), gradients.positions(), wanted.positions());
            if (config.architecture().vocabulary().embeddingScale() != 1) {
                backend.rows().scale(d, config.architecture().vocabulary().embeddingScale());
            }
            scatter(d, tokens.ids(), gradients.words(), wanted.words());
        }
    }

    private void scatter(Matrix d, int[] rows, @Nullable Matrix table, @Nullable Boolean wanted) {
        if (table != null && wanted != null && wanted) {
            backend.rows().scatterAddRows(d, rows, table);
        }
    }
}
