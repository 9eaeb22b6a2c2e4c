package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.HeadShape;
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
            if (norm.shift() != null) {
                Operators.addProduct(work.view(y), 1, work.view(norm.shift()), work.one());
            }
        }
    }

    @Override
    public void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor g = work.view(gradient);
            if (parameters != null && parameters.shift() != null) {
                TorchRows.addColumnSums(work, g, gradient.rows(), work.view(parameters.shift()));
            }
            Tensor mean = work.floats(gradient.rows(), 1);
            Rows rows = Rows.of(work, gradient);
            weigh(work, rows, work.view(gain), state, parameters == null ? null : parameters.gain());
            rowMeans(work, rows, mean);
            removeProjection(work, rows, state);
            Operators.addProduct(g, -1, mean, work.one());
            Operators.multiply(g, work.view(state.inverseDeviation()), g);
        }
    }

    /** Dense rows to be normalised, or the gradients of such. */
    private record Rows(Tensor values, int count, int columns) {
        static Rows of(KernelWorkspace work, Matrix matrix) {
            return new Rows(work.view(matrix), matrix.rows(), matrix.columns());
        }

        Tensor like(KernelWorkspace work) {
            return work.floats(count, columns);
        }
    }

    /** gradient *= gain, after what that gives the gain is added up. */
    private static void weigh(
            KernelWorkspace work, Rows gradient, Tensor gain, NormState state, @Nullable Matrix gainSums) {
        if (gainSums != null) {
            Tensor products = gradient.like(work);
            Operators.multiply(gradient.values(), work.view(state.normalised()), products);
            TorchRows.addColumnSums(work, products, gradient.count(), work.view(gainSums));
        }
        Operators.multiply(gradient.values(), gain, gradient.values());
    }

    /** gradient -= normalised mean(gradient normalised), row by row. */
    private static void removeProjection(KernelWorkspace work, Rows gradient, NormState state) {
        Tensor normalised = work.view(state.normalised());
        Tensor products = gradient.like(work);
        Tensor mean = work.floats(gradient.count(), 1);
        Operators.multiply(gradient.values(), normalised, products);
        rowMeans(work, new Rows(products, gradient.count(), gradient.columns()), mean);
        Operators.addProduct(gradient.values(), -1, normalised, mean);
    }

    private static void rowMeans(KernelWorkspace work, Rows x, Tensor means) {
        Libtorch.multiply(means, x.values(), work.ones(x.columns(), 1), 0, 1f / x.columns());
    }

    @Override
    public void rmsNorm(Matrix x, Rms norm, @Nullable NormState state, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            rmsNorm(work, Rows.of(work, x), norm, state, work.view(y));
        }
    }

    private static void rmsNorm(KernelWorkspace work, Rows x, Rms norm, @Nullable NormState state, Tensor y) {
        Tensor normalised = state == null ? x.like(work) : work.view(state.normalised());
        Tensor inverse = state == null ? work.floats(x.count(), 1) : work.view(state.inverseDeviation());
        Operators.multiply(x.values(), x.values(), normalised);
        rowMeans(work, new Rows(normalised, x.count(), x.columns()), inverse);
        Operators.addProduct(inverse, norm.epsilon(), work.one(), work.one());
        Operators.inverseRoot(inverse, inverse);
        Operators.multiply(x.values(), inverse, normalised);
        Operators.multiply(normalised, gain(work, norm), y);
    }

    private static Tensor gain(KernelWorkspace work, Rms norm) {
        Tensor gain = work.view(norm.gain());
        if (norm.offset() == 0) {
            return gain;
        }
        Tensor shifted = work.like(norm.gain());
        Libtorch.copy(shifted, gain);
        Operators.addProduct(shifted, norm.offset(), work.one(), work.one());
        return shifted;
    }

    @Override
    public void rmsNormBackward(Matrix gradient, Rms norm, NormState state, @Nullable Matrix gainSums) {
        try (KernelWorkspace work = workspaces.open()) {
            rmsNormBackward(work, Rows.of(work, gradient), norm, state, gainSums);
        }
    }

    private static void rmsNormBackward(
            KernelWorkspace work, Rows gradient, Rms norm, NormState state, @Nullable Matrix gainSums) {
        weigh(work, gradient, gain(work, norm), state, gainSums);
        removeProjection(work, gradient, state);
        Operators.multiply(gradient.values(), work.view(state.inverseDeviation()), gradient.values());
    }

    @Override
    public void rmsNormHeads(Matrix x, HeadShape.Columns heads, Rms norm, @Nullable NormState state) {
        try (KernelWorkspace work = workspaces.open()) {
            Rows rows = taken(work, x, heads, norm);
            rmsNorm(work, rows, norm, state, rows.values());
            put(work, rows, x, heads);
        }
    }

    @Override
    public void rmsNormHeadsBackward(
            Matrix gradient, HeadShape.Columns heads, Rms norm, NormState state, @Nullable Matrix gainSums) {
        try (KernelWorkspace work = workspaces.open()) {
            Rows rows = taken(work, gradient, heads, norm);
            rmsNormBackward(work, rows, norm, state, gainSums);
            put(work, rows, gradient, heads);
        }
    }

    /** Heads as rows of their own. */
    private static Rows taken(KernelWorkspace work, Matrix x, HeadShape.Columns heads, Rms norm) {
        int width = norm.gain().columns();
        Tensor taken = work.floats((long) x.rows() * heads.count(), width);
        Libtorch.copy(work.view(taken, x.rows(), heads.count(), width), work.heads(x, heads, width));
        return new Rows(taken, x.rows() * heads.count(), width);
    }

    private static void put(KernelWorkspace work, Rows rows, Matrix x, HeadShape.Columns heads) {
        Tensor perHead = work.view(rows.values(), x.rows(), heads.count(), rows.columns());
        Libtorch.copy(work.heads(x, heads, rows.columns()), perHead);
    }
}
