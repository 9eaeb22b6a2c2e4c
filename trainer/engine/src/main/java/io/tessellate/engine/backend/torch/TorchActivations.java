package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.Matrix;

/** Activations of a few operators each: libtorch's own GELU takes a text, which its C functions never free. */
record TorchActivations(Workspaces workspaces) implements ActivationKernels {
    private static final float ROOT_HALF = (float) Math.sqrt(0.5);
    private static final float INVERSE_ROOT_TWO_PI = (float) (1 / Math.sqrt(2 * Math.PI));

    /** 2 sqrt(2 / pi): (1 + tanh(u)) / 2 is the logistic function of 2 u. */
    private static final float SLOPE = (float) (2 * Math.sqrt(2 / Math.PI));

    private static final float CUBIC = 0.044715f;

    @Override
    public void biasGelu(Matrix x, Matrix bias, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor in = work.view(x);
            Tensor erf = work.like(x);
            Operators.addProduct(in, 1, work.view(bias), work.one());
            erfOfHalf(work, in, erf);
            // x Phi(x) = (x + x erf(x / sqrt 2)) / 2
            Operators.multiply(erf, in, erf);
            Operators.multiply(in, work.number(0.5f), work.view(y));
            Operators.addProduct(work.view(y), 0.5f, erf, work.one());
        }
    }

    /** erf(x / sqrt 2) = 2 Phi(x) - 1. */
    private static void erfOfHalf(KernelWorkspace work, Tensor x, Tensor out) {
        Operators.multiply(x, work.number(ROOT_HALF), out);
        Operators.erf(out, out);
    }

    @Override
    public void geluBackward(Matrix x, Matrix gradient) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor in = work.view(x);
            Tensor slope = work.like(x);
            Tensor erf = work.like(x);
            Operators.multiply(in, in, slope);
            Operators.scale(slope, -0.5f);
            Operators.exp(slope, slope);
            Operators.multiply(slope, in, slope);
            Operators.scale(slope, INVERSE_ROOT_TWO_PI);
            erfOfHalf(work, in, erf);
            Operators.addProduct(slope, 0.5f, erf, work.one());
            Operators.addProduct(slope, 0.5f, work.one(), work.one());
            multiply(work, gradient, slope);
        }
    }

    private static void multiply(KernelWorkspace work, Matrix gradient, Tensor slope) {
        Tensor view = work.view(gradient);
        Operators.multiply(view, slope, view);
    }

    @Override
    public void tanhGelu(Matrix x, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor logistic = logisticOfCube(work, x);
            Operators.multiply(work.view(x), logistic, work.view(y));
        }
    }

    /** logistic(2 sqrt(2 / pi) (x + 0.044715 x^3)). */
    private static Tensor logisticOfCube(KernelWorkspace work, Matrix x) {
        Tensor in = work.view(x);
        Tensor u = work.like(x);
        Operators.multiply(in, in, u);
        Operators.scale(u, CUBIC);
        Operators.addProduct(u, 1, work.one(), work.one());
        Operators.multiply(u, in, u);
        Operators.scale(u, SLOPE);
        Operators.logistic(u, u);
        return u;
    }

    /** The slope is s + x s (1 - s) u', where s is the logistic function of u. */
    @Override
    public void tanhGeluBackward(Matrix x, Matrix gradient) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor in = work.view(x);
            Tensor s = logisticOfCube(work, x);
            Tensor slope = work.like(x);
            Tensor rest = work.like(x);
            Operators.multiply(in, in, slope);
            Operators.scale(slope, 3 * CUBIC);
            Operators.addProduct(slope, 1, work.one(), work.one());
            Operators.scale(slope, SLOPE);
            Operators.fill(rest, 1);
            Operators.addProduct(rest, -1, s, work.one());
            Operators.multiply(slope, rest, slope);
            Operators.multiply(slope, in, slope);
            Operators.addProduct(slope, 1, work.one(), work.one());
            Operators.multiply(slope, s, slope);
            multiply(work, gradient, slope);
        }
    }

    @Override
    public void relu(Matrix x, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Operators.relu(work.view(x), work.view(y));
        }
    }

    @Override
    public void reluBackward(Matrix x, Matrix gradient) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor positive = work.like(x);
            Operators.greater(work.view(x), work.number(0f), positive);
            multiply(work, gradient, positive);
        }
    }

    @Override
    public void siluGate(Matrix x, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor silu = work.like(y);
            Operators.silu(work.columns(x, 0, y.columns()), silu);
            Operators.multiply(silu, work.columns(x, y.columns(), y.columns()), work.view(y));
        }
    }

    @Override
    public void siluGateBackward(Matrix x, Matrix gradient, Matrix inputGradient) {
        int columns = gradient.columns();
        try (KernelWorkspace work = workspaces.open()) {
            Tensor gate = work.columns(x, 0, columns);
            Tensor up = work.columns(x, columns, columns);
            Tensor above = work.view(gradient);
            Tensor part = work.like(gradient);
            Operators.silu(gate, part);
            Operators.multiply(part, above, work.columns(inputGradient, columns, columns));
            Operators.multiply(above, up, part);
            Operators.siluBackward(part, gate, work.columns(inputGradient, 0, columns));
        }
    }
}
