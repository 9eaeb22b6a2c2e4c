package io.tessellate.engine.backend;

import org.jspecify.annotations.Nullable;

/** Normalisations of rows. */
public interface NormKernels {
    /** y = layer normalisation of x; keeps what the backward pass needs unless {@code state} is null. */
    void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y);

    /**
     * Backward of {@link #norm}: replaces {@code gradient}, dL/dy, by dL/dx, and adds dL/dgain and dL/dshift to
     * {@code parameters} unless that is null.
     */
    void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters);

    /**
     * A root mean square normalisation (Zhang and Sennrich 2019).
     *
     * @param gain [1, width]
     * @param offset what is added to the gain: 0, or 1 where it is kept as its difference from 1
     * @param epsilon added to the mean square
     */
    record Rms(Matrix gain, float offset, float epsilon) {}

    /**
     * y = (offset + gain) x / sqrt(mean(x^2) + epsilon); keeps what the backward pass needs unless {@code state} is null.
     * {@code y} may be {@code x}.
     */
    void rmsNorm(Matrix x, Rms norm, @Nullable NormState state, Matrix y);

    /**
     * Backward of {@link #rmsNorm}: replaces {@code gradient}, dL/dy, by dL/dx, and adds dL/dgain to {@code gainSums}
     * unless that is null.
     */
    void rmsNormBackward(Matrix gradient, Rms norm, NormState state, @Nullable Matrix gainSums);

    /**
     * The same of each of some heads of every row by itself, in place. Of such heads {@code state} has a row each,
     * [rows x heads, width].
     */
    void rmsNormHeads(Matrix x, HeadShape.Columns heads, Rms norm, @Nullable NormState state);

    /** Backward of {@link #rmsNormHeads}. */
    void rmsNormHeadsBackward(
            Matrix gradient, HeadShape.Columns heads, Rms norm, NormState state, @Nullable Matrix gainSums);
}
