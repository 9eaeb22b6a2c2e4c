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
            multiply(work, gradient, geluSlope(work, work.view(x), x));
        }
    }

    /** Phi(x) + x density(x). */
    private static Tensor geluSlope(KernelWorkspace work, Tensor in, Matrix shape) {
        Tensor slope = work.like(shape);
        Tensor erf = work.like(shape);
        Operators.multiply(in, in, slope);
        Operators.scale(slope, -0.5f);
        Operators.exp(slope, slope);
        Operators.multiply(slope, in, slope);
        Operators.scale(slope, INVERSE_ROOT_TWO_PI);
        erfOfHalf(work, in, erf);
        Operators.addProduct(slope, 0.5f, erf, work.one());
        Operators.addProduct(slope, 0.5f, work.one(), work.one());
        return slope;
    }

    private static void multiply(KernelWorkspace work, Matrix gradient, Tensor slope) {
        Tensor view = work.view(gradient);
        Operators.multiply(view, slope, view);
    }

    @Override
    public void tanhGelu(Matrix x, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor logistic = logisticOfCube(work, work.view(x), x);
            Operators.multiply(work.view(x), logistic, work.view(y));
        }
    }

    /** logistic(2 sqrt(2 / pi) (x + 0.044715 x^3)). */
    private static Tensor logisticOfCube(KernelWorkspace work, Tensor in, Matrix shape) {
        Tensor u = work.like(shape);
        Operators.multiply(in, in, u);
        Operators.scale(u, CUBIC);
        Operators.addProduct(u, 1, work.one(), work.one());
        Operators.multiply(u, in, u);
        Operators.scale(u, SLOPE);
        Operators.logistic(u, u);
        return u;
    }

    @Override
    public void tanhGeluBackward(Matrix x, Matrix gradient) {
        try (KernelWorkspace work = workspaces.open()) {
            multiply(work, gradient, tanhGeluSlope(work, work.view(x), x));
        }
    }

    /** The slope is s + x s (1 - s) u', where s is the logistic function of u. */
    private static Tensor tanhGeluSlope(KernelWorkspace work, Tensor in, Matrix shape) {
        Tensor s = logisticOfCube(work, in, shape);
        Tensor slope = work.like(shape);
        Tensor rest = work.like(shape);
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
        return slope;
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
    public void gate(Gate function, Matrix x, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor activated = activated(work, function, work.columns(x, 0, y.columns()), y);
            Operators.multiply(activated, work.columns(x, y.columns(), y.columns()), work.view(y));
        }
    }

    /** The function of a gate, in memory shaped as a matrix. */
    private static Tensor activated(KernelWorkspace work, Gate function, Tensor gate, Matrix shape) {
        Tensor activated = work.like(shape);
        switch (function) {
            case SILU -> Operators.silu(gate, activated);
            case GELU -> {
                erfOfHalf(work, gate, activated);
                Operators.addProduct(activated, 1, work.one(), work.one());
                Operators.scale(activated, 0.5f);
                Operators.multiply(activated, gate, activated);
            }
            case TANH_GELU -> Operators.multiply(logisticOfCube(work, gate, shape), gate, activated);
        }
        return activated;
    }

    @Override
    public void gateBackward(Gate function, Matrix x, Matrix gradient, Matrix inputGradient) {
        int columns = gradient.columns();
        try (KernelWorkspace work = workspaces.open()) {
            Tensor gate = work.columns(x, 0, columns);
            Tensor up = work.columns(x, columns, columns);
            Tensor above = work.view(gradient);
            Tensor part = activated(work, function, gate, gradient);
            Operators.multiply(part, above, work.columns(inputGradient, columns, columns));
            Operators.multiply(above, up, part);
            Tensor gateGradient = work.columns(inputGradient, 0, columns);
            switch (function) {
                case SILU -> Operators.siluBackward(part, gate, gateGradient);
                case GELU -> Operators.multiply(part, geluSlope(work, gate, gradient), gateGradient);
                case TANH_GELU -> Operators.multiply(part, tanhGeluSlope(work, gate, gradient), gateGradient);
            }
        }
    }

    @Override
    public void softCap(Matrix x, float cap) {
        try (KernelWorkspace work = workspaces.open()) {
            Operators.softCap(work.view(x), cap);
        }
    }

    @Override
    public void softCapBackward(Matrix capped, Matrix gradient, float cap) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor copy = work.like(capped);
            Libtorch.copy(copy, work.view(capped));
            softCapBackward(work, copy, work.view(gradient), cap);
        }
    }

    /** gradient *= 1 - (capped / cap)^2; of {@code capped} nothing is left. */
    static void softCapBackward(KernelWorkspace work, Tensor capped, Tensor gradient, float cap) {
        Operators.multiply(capped, capped, capped);
        Operators.multiply(capped, gradient, capped);
        Operators.addProduct(gradient, -1 / (cap * cap), capped, work.one());
    }
}
