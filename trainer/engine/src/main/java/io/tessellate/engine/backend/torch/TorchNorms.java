package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.NormState;
import org.jspecify.annotations.Nullable;

/** Normalisations. */
record TorchNorms(Workspaces workspaces) implements NormKernels {
    @Override
    public void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor normalised = state == null ? work.like(x) : work.view(state.normalised());
            Tensor inverse = state == null ? work.floats(x.rows(), 1) : work.view(state.inverseDeviation());
            Tensor mean = work.floats(x.rows(), 1);
            Operators.normalise(work.view(x), x.columns(), epsilon, normalised, mean, inverse);
            Operators.multiply(normalised, work.view(norm.gain()), work.view(y));
            Operators.addProduct(work.view(y), 1, work.view(norm.shift()), work.one());
        }
    }

    @Override
    public void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor g = work.view(gradient);
            if (parameters != null) {
                TorchRows.addColumnSums(work, g, gradient.rows(), work.view(parameters.shift()));
            }
            Tensor mean = work.floats(gradient.rows(), 1);
            weigh(work, gradient, gain, state, parameters == null ? null : parameters.gain());
            rowMeans(work, g, gradient, mean);
            removeProjection(work, gradient, state);
            Operators.addProduct(g, -1, mean, work.one());
            Operators.multiply(g, work.view(state.inverseDeviation()), g);
        }
    }

    /** gradient *= gain, after what that gives the gain is added up. */
    private static void weigh(
            KernelWorkspace work, Matrix gradient, Matrix gain, NormState state, @Nullable Matrix gainSums) {
        Tensor g = work.view(gradient);
        if (gainSums != null) {
            Tensor products = work.like(gradient);
            Operators.multiply(g, work.view(state.normalised()), products);
            TorchRows.addColumnSums(work, products, gradient.rows(), work.view(gainSums));
        }
        Operators.multiply(g, work.view(gain), g);
    }

    /** gradient -= normalised mean(gradient normalised), row by row. */
    private static void removeProjection(KernelWorkspace work, Matrix gradient, NormState state) {
        Tensor g = work.view(gradient);
        Tensor normalised = work.view(state.normalised());
        Tensor products = work.like(gradient);
        Tensor mean = work.floats(gradient.rows(), 1);
        Operators.multiply(g, normalised, products);
        rowMeans(work, products, gradient, mean);
        Operators.addProduct(g, -1, normalised, mean);
    }

    private static void rowMeans(KernelWorkspace work, Tensor x, Matrix shape, Tensor means) {
        Libtorch.multiply(means, x, work.ones(shape.columns(), 1), 0, 1f / shape.columns());
    }

    @Override
    public void rmsNorm(Matrix x, Matrix gain, float epsilon, @Nullable NormState state, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor in = work.view(x);
            Tensor normalised = state == null ? work.like(x) : work.view(state.normalised());
            Tensor inverse = state == null ? work.floats(x.rows(), 1) : work.view(state.inverseDeviation());
            Operators.multiply(in, in, normalised);
            rowMeans(work, normalised, x, inverse);
            Operators.addProduct(inverse, epsilon, work.one(), work.one());
            Operators.inverseRoot(inverse, inverse);
            Operators.multiply(in, inverse, normalised);
            Operators.multiply(normalised, work.view(gain), work.view(y));
        }
    }

    @Override
    public void rmsNormBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Matrix gainSums) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor g = work.view(gradient);
            weigh(work, gradient, gain, state, gainSums);
            removeProjection(work, gradient, state);
            Operators.multiply(g, work.view(state.inverseDeviation()), g);
        }
    }
}
