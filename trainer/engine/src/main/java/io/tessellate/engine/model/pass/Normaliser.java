package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormKernels.Rms;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.weights.TransformerParts.LayerNorms;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import org.jspecify.annotations.Nullable;

/**
 * Normalisations of either kind.
 *
 * @param centred whether they are layer normalisations, which take out the mean, instead of root mean square ones
 * @param gainOffset what is added to the gains of the latter
 */
record Normaliser(Backend backend, float epsilon, boolean centred, float gainOffset) {
    static Normaliser of(Backend backend, ModelConfig config) {
        return new Normaliser(
                backend,
                config.normEpsilon(),
                config.architecture().normalisation().centred(),
                config.architecture().normalisation().gainOffset());
    }

    void forward(Matrix x, Normalisation<Matrix> norm, @Nullable NormState state, Matrix y) {
        if (centred) {
            backend.norms().norm(x, new Norm(norm.gain(), norm.shift()), epsilon, state, y);
        } else {
            backend.norms().rmsNorm(x, rms(norm), state, y);
        }
    }

    private Rms rms(Normalisation<Matrix> norm) {
        return new Rms(norm.gain(), gainOffset, epsilon);
    }

    /** Turns the gradient in place; adds those of the parameters if {@code wanted}. */
    void backward(
            Matrix gradient,
            Normalisation<Matrix> norm,
            @Nullable NormState state,
            @Nullable Normalisation<Matrix> wanted) {
        NormState kept = Activations.training(state);
        if (centred) {
            Norm parameters = wanted == null ? null : new Norm(wanted.gain(), wanted.shift());
            backend.norms().normBackward(gradient, norm.gain(), kept, parameters);
        } else {
            backend.norms().rmsNormBackward(gradient, rms(norm), kept, wanted == null ? null : wanted.gain());
        }
    }

    /** The same where a part of the parameters is wanted. */
    void backward(
            Matrix gradient,
            Normalisation<Matrix> norm,
            @Nullable NormState state,
            @Nullable Normalisation<Matrix> parameters,
            @Nullable Normalisation<Boolean> wanted) {
        backward(gradient, norm, state, BackwardPlan.wanted(parameters, wanted));
    }

    /** Normalises each head's query and key in place, where a family does so. */
    void heads(LayerActivations a, LayerNorms<Matrix> norms) {
        HeadShape shape = a.attention().shape();
        if (norms.query() != null) {
            backend.norms()
                    .rmsNormHeads(
                            a.projections(),
                            shape.queries(),
                            rms(norms.query()),
                            a.states().query());
        }
        if (norms.key() != null) {
            backend.norms()
                    .rmsNormHeads(
                            a.projections(),
                            shape.keys(),
                            rms(norms.key()),
                            a.states().key());
        }
    }

    /** Turns the gradient of queries and keys in place, as {@link #backward}. */
    void headsBackward(
            Matrix projections,
            LayerActivations a,
            LayerNorms<Matrix> norms,
            LayerNorms<Matrix> gradients,
            LayerNorms<Boolean> wanted) {
        HeadShape shape = a.attention().shape();
        if (norms.query() != null) {
            Gain query = new Gain(norms.query(), BackwardPlan.wanted(gradients.query(), wanted.query()));
            headsBackward(projections, shape.queries(), query, a.states().query());
        }
        if (norms.key() != null) {
            Gain key = new Gain(norms.key(), BackwardPlan.wanted(gradients.key(), wanted.key()));
            headsBackward(projections, shape.keys(), key, a.states().key());
        }
    }

    /** A normalisation of heads, and where the gradient of its gain goes if it is wanted. */
    private record Gain(
            Normalisation<Matrix> norm, @Nullable Normalisation<Matrix> gradient) {}

    private void headsBackward(Matrix projections, HeadShape.Columns heads, Gain gain, @Nullable NormState state) {
        backend.norms()
                .rmsNormHeadsBackward(
                        projections,
                        heads,
                        rms(gain.norm()),
                        Activations.training(state),
                        gain.gradient() == null ? null : gain.gradient().gain());
    }
}
