package io.tessellate.engine.backend;

/** The functions inside feed-forward blocks, entry by entry. */
public interface ActivationKernels {
    /** x += bias, then y = x Phi(x), the exact GELU. {@code y} may be {@code x}. */
    void biasGelu(Matrix x, Matrix bias, Matrix y);

    /** gradient *= the derivative of GELU at x. */
    void geluBackward(Matrix x, Matrix gradient);

    /** y = x Phi(x) with the normal distribution function approximated by a tanh ("gelu_new"). {@code y} may be {@code x}. */
    void tanhGelu(Matrix x, Matrix y);

    /** gradient *= the derivative of {@link #tanhGelu} at x. */
    void tanhGeluBackward(Matrix x, Matrix gradient);

    /** y = max(x, 0). {@code y} may be {@code x}. */
    void relu(Matrix x, Matrix y);

    /** gradient *= 1 where x is positive, else 0. */
    void reluBackward(Matrix x, Matrix gradient);

    /**
     * y = g sigmoid(g) u, where g is the left and u the right half of x (SwiGLU, Shazeer 2020).
     *
     * @param x [rows, 2 columns]
     * @param y [rows, columns]
     */
    void siluGate(Matrix x, Matrix y);

    /**
     * Backward of {@link #siluGate}.
     *
     * @param x what it was given
     * @param gradient dL/dy
     * @param inputGradient becomes dL/dx
     */
    void siluGateBackward(Matrix x, Matrix gradient, Matrix inputGradient);
}
