package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.model.weights.TransformerParts.Normalisation;
import org.jspecify.annotations.Nullable;

/** Normalisations of either kind: those with a shift are layer normalisations, those without root mean square ones. */
record Normaliser(Backend backend, float epsilon) {
    void forward(Matrix x, Normalisation<Matrix> norm, @Nullable NormState state, Matrix y) {
        Matrix shift = norm.shift();
        if (shift == null) {
            backend.norms().rmsNorm(x, norm.gain(), epsilon, state, y);
        } else {
            backend.norms().norm(x, new Norm(norm.gain(), shift), epsilon, state, y);
        }
    }

    /** Turns the gradient in place; adds those of the parameters if {@code wanted}. */
    void backward(
            Matrix gradient,
            Normalisation<Matrix> norm,
            @Nullable NormState state,
            @Nullable Normalisation<Matrix> wanted) {
        NormState kept = Activations.training(state);
        Matrix shift = wanted == null ? null : wanted.shift();
        if (norm.shift() == null) {
            backend.norms().rmsNormBackward(gradient, norm.gain(), kept, wanted == null ? null : wanted.gain());
        } else {
            backend.norms()
                    .normBackward(
                            gradient,
                            norm.gain(),
                            kept,
                            wanted == null || shift == null ? null : new Norm(wanted.gain(), shift));
        }
    }
}
