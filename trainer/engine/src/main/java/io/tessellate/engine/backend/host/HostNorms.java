package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.NormState;
import org.jspecify.annotations.Nullable;

/** Normalisations as Java loops over blocks. */
record HostNorms(RowRunner runner) implements NormKernels {
    @Override
    public void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y) {
        float[] gain = HostTile.of(norm.gain());
        float[] shift = norm.shift() == null ? new float[gain.length] : HostTile.of(norm.shift());
        HostNorm kernel = new HostNorm(x.columns(), gain, shift, epsilon);
        Floats in = Floats.of(x);
        Floats out = Floats.of(y);
        Floats kept = state == null ? null : Floats.of(state.normalised());
        Floats deviations = state == null ? null : Floats.of(state.inverseDeviation());
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            in.read(from, to, scratch[0]);
            kernel.forward(to - from, scratch);
            out.write(from, to, scratch[1]);
            if (kept != null && deviations != null) {
                kept.write(from, to, scratch[0]);
                deviations.write(from, to, scratch[2]);
            }
        });
    }

    @Override
    public void normBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Norm parameters) {
        int rows = gradient.rows();
        int columns = gradient.columns();
        int blockRows = RowSums.blockRows(rows);
        float[] g = HostTile.of(gain);
        float[][] gains = RowSums.partial(rows, columns);
        float[][] shifts = RowSums.partial(rows, columns);
        Floats inOut = Floats.of(gradient);
        Floats normalised = Floats.of(state.normalised());
        Floats deviations = Floats.of(state.inverseDeviation());
        runner.run(rows, blockRows, columns, (from, to, scratch) -> {
            int step = RowRunner.blockRows(columns);
            HostNorm.Sums sums = new HostNorm.Sums(new float[step * columns], new float[step * columns]);
            for (int start = from; start < to; start += step) {
                int end = Math.min(to, start + step);
                inOut.read(start, end, scratch[0]);
                normalised.read(start, end, scratch[1]);
                deviations.read(start, end, scratch[2]);
                HostNorm.backward(end - start, columns, g, sums, scratch);
                inOut.write(start, end, scratch[0]);
            }
            HostTile.fold(sums.gain(), gains[from / blockRows]);
            HostTile.fold(sums.shift(), shifts[from / blockRows]);
        });
        if (parameters != null) {
            RowSums.addAll(gains, parameters.gain());
            if (parameters.shift() != null) {
                RowSums.addAll(shifts, parameters.shift());
            }
        }
    }

    @Override
    public void rmsNorm(Matrix x, Rms norm, @Nullable NormState state, Matrix y) {
        float[] g = HostTile.ofRow(gains(norm), RowRunner.blockRows(x.columns()));
        Floats in = Floats.of(x);
        Floats out = Floats.of(y);
        Floats kept = state == null ? null : Floats.of(state.normalised());
        Floats deviations = state == null ? null : Floats.of(state.inverseDeviation());
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            in.read(from, to, scratch[0]);
            HostNorm.rmsForward(to - from, x.columns(), g, norm.epsilon(), scratch);
            out.write(from, to, scratch[1]);
            if (kept != null && deviations != null) {
                kept.write(from, to, scratch[0]);
                deviations.write(from, to, scratch[2]);
            }
        });
    }

    /** What rows are multiplied with. */
    private static float[] gains(Rms norm) {
        float[] gains = new float[norm.gain().size()];
        norm.gain().get(gains);
        if (norm.offset() != 0) {
            HostKernels.addConstant(gains, norm.offset(), gains.length);
        }
        return gains;
    }

    @Override
    public void rmsNormBackward(Matrix gradient, Rms norm, NormState state, @Nullable Matrix gainSums) {
        int rows = gradient.rows();
        int columns = gradient.columns();
        int blockRows = RowSums.blockRows(rows);
        float[] g = HostTile.ofRow(gains(norm), RowRunner.blockRows(columns));
        float[][] gains = RowSums.partial(rows, columns);
        Floats inOut = Floats.of(gradient);
        Floats normalised = Floats.of(state.normalised());
        Floats deviations = Floats.of(state.inverseDeviation());
        runner.run(rows, blockRows, columns, (from, to, scratch) -> {
            int step = RowRunner.blockRows(columns);
            float[] sums = new float[step * columns];
            for (int start = from; start < to; start += step) {
                int end = Math.min(to, start + step);
                inOut.read(start, end, scratch[0]);
                normalised.read(start, end, scratch[1]);
                deviations.read(start, end, scratch[2]);
                HostNorm.rmsBackward(end - start, columns, g, sums, scratch);
                inOut.write(start, end, scratch[0]);
            }
            HostTile.fold(sums, gains[from / blockRows]);
        });
        if (gainSums != null) {
            RowSums.addAll(gains, gainSums);
        }
    }

    @Override
    public void rmsNormHeads(Matrix x, HeadShape.Columns heads, Rms norm, @Nullable NormState state) {
        int width = norm.gain().columns();
        int count = heads.count();
        float[] g = HostTile.ofRow(gains(norm), count * RowRunner.blockRows(count * width));
        Floats inOut = Floats.of(x);
        Floats kept = state == null ? null : Floats.of(state.normalised());
        Floats deviations = state == null ? null : Floats.of(state.inverseDeviation());
        runner.run(x.rows(), count * width, (from, to, scratch) -> {
            inOut.readHeads(from, to, heads, width, scratch[0]);
            HostNorm.rmsForward((to - from) * count, width, g, norm.epsilon(), scratch);
            inOut.writeHeads(from, to, heads, width, scratch[1]);
            if (kept != null && deviations != null) {
                kept.write(from * count, to * count, scratch[0]);
                deviations.write(from * count, to * count, scratch[2]);
            }
        });
    }

    @Override
    public void rmsNormHeadsBackward(
            Matrix gradient, HeadShape.Columns heads, Rms norm, NormState state, @Nullable Matrix gainSums) {
        int width = norm.gain().columns();
        int count = heads.count();
        int blockRows = RowSums.blockRows(gradient.rows());
        int step = RowRunner.blockRows(count * width);
        float[] g = HostTile.ofRow(gains(norm), count * step);
        float[][] gains = RowSums.partial(gradient.rows(), width);
        Floats inOut = Floats.of(gradient);
        Floats normalised = Floats.of(state.normalised());
        Floats deviations = Floats.of(state.inverseDeviation());
        runner.run(gradient.rows(), blockRows, count * width, (from, to, scratch) -> {
            float[] sums = new float[step * count * width];
            for (int start = from; start < to; start += step) {
                int end = Math.min(to, start + step);
                inOut.readHeads(start, end, heads, width, scratch[0]);
                normalised.read(start * count, end * count, scratch[1]);
                deviations.read(start * count, end * count, scratch[2]);
                HostNorm.rmsBackward((end - start) * count, width, g, sums, scratch);
                inOut.writeHeads(start, end, heads, width, scratch[0]);
            }
            HostTile.fold(sums, gains[from / blockRows]);
        });
        if (gainSums != null) {
            RowSums.addAll(gains, gainSums);
        }
    }
}
