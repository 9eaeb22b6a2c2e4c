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

    /** The function of a gate. */
    enum Gate {
        /** g sigmoid(g) (SwiGLU). */
        SILU,
        /** g Phi(g), exactly (GeGLU). */
        GELU,
        /** The same approximated by a tanh. */
        TANH_GELU
    }

    /**
     * y = f(g) u, where g is the left and u the right half of x (Shazeer 2020, <a
     * href="https://arxiv.org/abs/2002.05202">2002.05202</a>).
     *
     * @param x [rows, 2 columns]
     * @param y [rows, columns]
     */
    void gate(Gate function, Matrix x, Matrix y);

    /**
     * Backward of {@link #gate}.
     *
     * @param x what it was given
     * @param gradient dL/dy; what it holds afterwards is not specified
     * @param inputGradient becomes dL/dx
     */
    void gateBackward(Gate function, Matrix x, Matrix gradient, Matrix inputGradient);

    /** x = cap tanh(x / cap). */
    void softCap(Matrix x, float cap);

    /** gradient *= the derivative of {@link #softCap} where it came to {@code capped}: 1 - (capped / cap)^2. */
    void softCapBackward(Matrix capped, Matrix gradient, float cap);
}
