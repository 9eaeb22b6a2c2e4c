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
     * y = gain x / sqrt(mean(x^2) + epsilon) (RMSNorm, Zhang and Sennrich 2019); keeps what the backward pass needs unless
     * {@code state} is null.
     */
    void rmsNorm(Matrix x, Matrix gain, float epsilon, @Nullable NormState state, Matrix y);

    /**
     * Backward of {@link #rmsNorm}: replaces {@code gradient}, dL/dy, by dL/dx, and adds dL/dgain to {@code gainSums}
     * unless that is null.
     */
    void rmsNormBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Matrix gainSums);
}
