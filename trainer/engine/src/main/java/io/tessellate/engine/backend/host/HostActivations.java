package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.Matrix;

/** Row-wise activations as Java loops over blocks. */
record HostActivations(RowRunner runner) implements ActivationKernels {
    /** 2 sqrt(2 / pi): (1 + tanh(u)) / 2 is the logistic function of 2 u. */
    private static final float SLOPE = 1.5957691f;

    private static final float CUBIC = 0.044715f;

    @Override
    public void biasGelu(Matrix x, Matrix bias, Matrix y) {
        float[] b = HostTile.of(bias);
        Floats in = Floats.of(x);
        Floats out = Floats.of(y);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            int n = (to - from) * x.columns();
            in.read(from, to, scratch[0]);
            HostKernels.add(scratch[0], b, n);
            in.write(from, to, scratch[0]);
            HostKernels.gelu(scratch[0], scratch[1], n);
            out.write(from, to, scratch[1]);
        });
    }

    @Override
    public void geluBackward(Matrix x, Matrix gradient) {
        Floats in = Floats.of(x);
        Floats inOut = Floats.of(gradient);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            int n = (to - from) * x.columns();
            in.read(from, to, scratch[0]);
            inOut.read(from, to, scratch[1]);
            HostKernels.normalCdf(scratch[0], scratch[2], n);
            HostKernels.negativeHalfSquare(scratch[0], scratch[3], n);
            HostKernels.expNonPositive(scratch[3], scratch[4], n);
            HostKernels.geluGradient(scratch[0], scratch[2], scratch[4], scratch[1], n);
            inOut.write(from, to, scratch[1]);
        });
    }

    @Override
    public void relu(Matrix x, Matrix y) {
        Floats in = Floats.of(x);
        Floats out = Floats.of(y);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            in.read(from, to, scratch[0]);
            relu(scratch[0], (to - from) * x.columns());
            out.write(from, to, scratch[0]);
        });
    }

    @Override
    public void reluBackward(Matrix x, Matrix gradient) {
        Floats in = Floats.of(x);
        Floats inOut = Floats.of(gradient);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            in.read(from, to, scratch[0]);
            inOut.read(from, to, scratch[1]);
            keepWherePositive(scratch[0], scratch[1], (to - from) * x.columns());
            inOut.write(from, to, scratch[1]);
        });
    }

    @Override
    public void tanhGelu(Matrix x, Matrix y) {
        Floats in = Floats.of(x);
        Floats out = Floats.of(y);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            int n = (to - from) * x.columns();
            in.read(from, to, scratch[0]);
            argument(scratch[0], scratch[1], n);
            logistic(scratch[1], scratch[2], n);
            HostKernels.product(scratch[0], scratch[2], scratch[1], n);
            out.write(from, to, scratch[1]);
        });
    }

    @Override
    public void tanhGeluBackward(Matrix x, Matrix gradient) {
        Floats in = Floats.of(x);
        Floats inOut = Floats.of(gradient);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            int n = (to - from) * x.columns();
            in.read(from, to, scratch[0]);
            inOut.read(from, to, scratch[1]);
            argument(scratch[0], scratch[2], n);
            logistic(scratch[2], scratch[3], n);
            argumentSlope(scratch[0], scratch[2], n);
            logisticProductSlope(scratch[0], scratch[3], scratch[2], scratch[1], n);
            inOut.write(from, to, scratch[1]);
        });
    }

    @Override
    public void gate(Gate function, Matrix x, Matrix y) {
        int columns = y.columns();
        Floats in = Floats.of(x);
        Floats out = Floats.of(y);
        runner.run(y.rows(), columns, (from, to, scratch) -> {
            int n = (to - from) * columns;
            in.readColumns(from, to, 0, columns, scratch[0]);
            in.readColumns(from, to, columns, columns, scratch[1]);
            share(function, scratch[0], scratch[2], scratch[3], n);
            HostKernels.multiply(scratch[0], scratch[2], n);
            HostKernels.multiply(scratch[0], scratch[1], n);
            out.write(from, to, scratch[0]);
        });
    }

    @Override
    public void gateBackward(Gate function, Matrix x, Matrix gradient, Matrix inputGradient) {
        int columns = gradient.columns();
        Floats in = Floats.of(x);
        Floats up = Floats.of(gradient);
        Floats out = Floats.of(inputGradient);
        runner.run(gradient.rows(), columns, (from, to, scratch) -> {
            int n = (to - from) * columns;
            in.readColumns(from, to, 0, columns, scratch[0]);
            in.readColumns(from, to, columns, columns, scratch[1]);
            up.read(from, to, scratch[2]);
            share(function, scratch[0], scratch[3], scratch[4], n);
            HostKernels.multiply(scratch[1], scratch[2], n);
            HostKernels.multiply(scratch[2], scratch[0], n);
            HostKernels.multiply(scratch[2], scratch[3], n);
            slope(function, scratch[0], scratch[3], scratch[4], scratch[1], n);
            out.writeColumns(from, to, 0, columns, scratch[1]);
            out.writeColumns(from, to, columns, columns, scratch[2]);
        });
    }

    /** What x is multiplied with in the function of a gate. */
    private static void share(Gate function, float[] x, float[] share, float[] scratch, int n) {
        switch (function) {
            case SILU -> logistic(x, share, n);
            case GELU -> HostKernels.normalCdf(x, share, n);
            case TANH_GELU -> {
                argument(x, scratch, n);
                logistic(scratch, share, n);
            }
        }
    }

    /** gradient *= the slope of the function of a gate. */
    private static void slope(Gate function, float[] x, float[] share, float[] scratch, float[] gradient, int n) {
        switch (function) {
            case SILU -> siluSlope(x, share, gradient, n);
            case GELU -> {
                HostKernels.negativeHalfSquare(x, scratch, n);
                HostKernels.expNonPositive(scratch, scratch, n);
                HostKernels.geluGradient(x, share, scratch, gradient, n);
            }
            case TANH_GELU -> {
                argumentSlope(x, scratch, n);
                logisticProductSlope(x, share, scratch, gradient, n);
            }
        }
    }

    @Override
    public void softCap(Matrix x, float cap) {
        Floats inOut = Floats.of(x);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            inOut.read(from, to, scratch[0]);
            HostKernels.softCap(scratch[0], cap, (to - from) * x.columns());
            inOut.write(from, to, scratch[0]);
        });
    }

    @Override
    public void softCapBackward(Matrix capped, Matrix gradient, float cap) {
        Floats in = Floats.of(capped);
        Floats inOut = Floats.of(gradient);
        runner.run(capped.rows(), capped.columns(), (from, to, scratch) -> {
            in.read(from, to, scratch[0]);
            inOut.read(from, to, scratch[1]);
            HostKernels.softCapGradient(scratch[0], scratch[1], cap, (to - from) * capped.columns());
            inOut.write(from, to, scratch[1]);
        });
    }

    private static void relu(float[] x, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = Math.max(x[i], 0f);
        }
    }

    private static void keepWherePositive(float[] x, float[] gradient, int n) {
        for (int i = 0; i < n; i++) {
            gradient[i] = x[i] > 0 ? gradient[i] : 0f;
        }
    }

    /** What the logistic function is taken of in x logistic(..), the tanh form of GELU. */
    private static void argument(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = SLOPE * x[i] * (1f + CUBIC * x[i] * x[i]);
        }
    }

    private static void argumentSlope(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = SLOPE * (1f + 3 * CUBIC * x[i] * x[i]);
        }
    }

    /** y = 1 / (1 + exp(-x)), by the exponential of -|x| so that nothing overflows. */
    private static void logistic(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = -Math.abs(x[i]);
        }
        HostKernels.expNonPositive(y, y, n);
        for (int i = 0; i < n; i++) {
            float numerator = x[i] >= 0 ? 1f : y[i];
            y[i] = numerator / (1f + y[i]);
        }
    }

    /** gradient *= s + x s (1 - s) u, the derivative of x s(x) where s is the logistic function of something of slope u. */
    private static void logisticProductSlope(float[] x, float[] s, float[] u, float[] gradient, int n) {
        for (int i = 0; i < n; i++) {
            gradient[i] *= s[i] * (1f + x[i] * (1f - s[i]) * u[i]);
        }
    }

    private static void siluSlope(float[] x, float[] s, float[] gradient, int n) {
        for (int i = 0; i < n; i++) {
            gradient[i] *= s[i] * (1f + x[i] * (1f - s[i]));
        }
    }
}
