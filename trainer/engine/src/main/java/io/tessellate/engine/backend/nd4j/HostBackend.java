package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.KeyValues;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Norm;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.backend.Rotation;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products by ND4J on the CPU, everything row-wise as Java loops over blocks copied to the heap. Several times
 * faster than ND4J's own operations for gelu, softmax and normalisation. Long because the seam is: a method for each of its
 * operations; the loops themselves are in {@link HostKernels}, {@link HostHeads}, {@link HostNorm} and
 * {@link HostActivations}.
 */
final class HostBackend extends AbstractNd4jBackend {
    /** Blocks that a sum over rows is split into. Fixed, so that the result does not depend on the threads. */
    private static final int SUM_BLOCKS = 8;

    private final RowRunner runner;
    private final HostActivations activations;

    HostBackend(RowRunner runner) {
        this.runner = runner;
        this.activations = new HostActivations(runner);
    }

    @Override
    public String name() {
        return Backends.HOST;
    }

    @Override
    public String description() {
        return "matrix products by ND4J (%s), row kernels in Java".formatted(Nd4jRuntime.describe());
    }

    @Override
    Nd4jVector wrap(INDArray array, LongConsumer onClose) {
        return new HostVector(array, onClose);
    }

    @Override
    void addOwned(Matrix a, Matrix b, OwnedMatrix c) {
        DiagonalRuns runs = c.runs();
        if (runs == null) {
            super.addOwned(a, b, c);
        } else {
            addAlong(runs, a, b, c);
        }
    }

    /** c += A^T B along diagonals: each token adds the products of pieces of its rows of A and B. */
    private void addAlong(DiagonalRuns runs, Matrix a, Matrix b, OwnedMatrix c) {
        int size = runs.size();
        int blockRows = sumBlockRows(a.rows());
        float[][] partial = new float[blocks(a.rows(), blockRows)][size];
        Floats left = floats(a);
        Floats right = floats(b);
        int widest = Math.max(size, Math.max(a.columns(), b.columns()));
        runner.run(a.rows(), blockRows, widest, (from, to, scratch) -> {
            float[] sums = partial[from / blockRows];
            for (int token = from; token < to; token++) {
                left.read(token, scratch[0]);
                right.read(token, scratch[1]);
                DiagonalRuns.spread(scratch[0], runs.rows(), runs.lengths(), scratch[2]);
                DiagonalRuns.spread(scratch[1], runs.columns(), runs.lengths(), scratch[3]);
                HostKernels.addProduct(sums, scratch[2], scratch[3], size);
            }
        });
        float[] total = partial[0];
        for (int p = 1; p < partial.length; p++) {
            HostKernels.add(total, partial[p], size);
        }
        float[] values = c.memory().values();
        for (int i = 0; i < size; i++) {
            values[c.first() + runs.targets()[i]] += total[i];
        }
    }

    @Override
    public void addBias(Matrix x, Matrix bias) {
        float[] b = tile(bias);
        Floats floats = floats(x);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            HostKernels.add(scratch[0], b, (to - from) * x.columns());
            floats.write(from, to, scratch[0]);
        });
    }

    @Override
    public void add(Matrix x, Matrix y) {
        Floats floats = floats(x);
        Floats other = floats(y);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            other.read(from, to, scratch[1]);
            HostKernels.add(scratch[0], scratch[1], (to - from) * x.columns());
            floats.write(from, to, scratch[0]);
        });
    }

    @Override
    public void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual) {
        float[] b = tile(bias);
        Floats floats = floats(x);
        Floats other = floats(residual);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            other.read(from, to, scratch[1]);
            HostKernels.addBoth(scratch[0], scratch[1], b, (to - from) * x.columns());
            floats.write(from, to, scratch[0]);
        });
    }

    @Override
    public void addColumnSums(Matrix x, Matrix sums) {
        int columns = x.columns();
        int blockRows = sumBlockRows(x.rows());
        float[][] partial = new float[blocks(x.rows(), blockRows)][columns];
        Floats floats = floats(x);
        runner.run(x.rows(), blockRows, columns, (from, to, scratch) -> {
            int step = RowRunner.blockRows(columns);
            float[] sum = new float[step * columns];
            for (int start = from; start < to; start += step) {
                int end = Math.min(to, start + step);
                floats.read(start, end, scratch[0]);
                HostKernels.add(sum, scratch[0], (end - start) * columns);
            }
            HostTile.fold(sum, partial[from / blockRows]);
        });
        addAll(partial, sums);
    }

    @Override
    public void biasGelu(Matrix x, Matrix bias, Matrix y) {
        float[] b = tile(bias);
        Floats in = floats(x);
        Floats out = floats(y);
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
        Floats in = floats(x);
        Floats inOut = floats(gradient);
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
    public void norm(Matrix x, Norm norm, float epsilon, @Nullable NormState state, Matrix y) {
        HostNorm kernel = new HostNorm(x.columns(), tile(norm.gain()), tile(norm.shift()), epsilon);
        Floats in = floats(x);
        Floats out = floats(y);
        Floats kept = state == null ? null : floats(state.normalised());
        Floats deviations = state == null ? null : floats(state.inverseDeviation());
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
        int blockRows = sumBlockRows(rows);
        float[] g = tile(gain);
        float[][] gains = new float[blocks(rows, blockRows)][columns];
        float[][] shifts = new float[blocks(rows, blockRows)][columns];
        Floats inOut = floats(gradient);
        Floats normalised = floats(state.normalised());
        Floats deviations = floats(state.inverseDeviation());
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
            addAll(gains, parameters.gain());
            addAll(shifts, parameters.shift());
        }
    }

    @Override
    public void rmsNorm(Matrix x, Matrix gain, float epsilon, @Nullable NormState state, Matrix y) {
        float[] g = tile(gain);
        Floats in = floats(x);
        Floats out = floats(y);
        Floats kept = state == null ? null : floats(state.normalised());
        Floats deviations = state == null ? null : floats(state.inverseDeviation());
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            in.read(from, to, scratch[0]);
            HostNorm.rmsForward(to - from, x.columns(), g, epsilon, scratch);
            out.write(from, to, scratch[1]);
            if (kept != null && deviations != null) {
                kept.write(from, to, scratch[0]);
                deviations.write(from, to, scratch[2]);
            }
        });
    }

    @Override
    public void rmsNormBackward(Matrix gradient, Matrix gain, NormState state, @Nullable Matrix gainSums) {
        int rows = gradient.rows();
        int columns = gradient.columns();
        int blockRows = sumBlockRows(rows);
        float[] g = tile(gain);
        float[][] gains = new float[blocks(rows, blockRows)][columns];
        Floats inOut = floats(gradient);
        Floats normalised = floats(state.normalised());
        Floats deviations = floats(state.inverseDeviation());
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
            addAll(gains, gainSums);
        }
    }

    @Override
    public void tanhGelu(Matrix x, Matrix y) {
        activations.tanhGelu(x, y);
    }

    @Override
    public void tanhGeluBackward(Matrix x, Matrix gradient) {
        activations.tanhGeluBackward(x, gradient);
    }

    @Override
    public void relu(Matrix x, Matrix y) {
        activations.relu(x, y);
    }

    @Override
    public void reluBackward(Matrix x, Matrix gradient) {
        activations.reluBackward(x, gradient);
    }

    @Override
    public void siluGate(Matrix x, Matrix y) {
        activations.siluGate(x, y);
    }

    @Override
    public void siluGateBackward(Matrix x, Matrix gradient, Matrix inputGradient) {
        activations.siluGateBackward(x, gradient, inputGradient);
    }

    @Override
    public void rotate(Matrix x, Rotation rotation, boolean back) {
        new HostRotation(runner).run(x, rotation, back);
    }

    @Override
    public Attention attention(HeadShape shape, Matrix projections, Matrix scores, Matrix context) {
        return Nd4jAttention.of(shape, projections, scores, context);
    }

    @Override
    public void attend(Attention attention, int[] lengths) {
        if (NativeHeads.pay(attention.shape(), lengths)) {
            new NativeHeads(runner).forward((Nd4jAttention) attention, lengths);
        } else {
            heads(
                    attention.shape(),
                    attention.shape().heads(),
                    head -> HostHeads.of(attention).forward(lengths, head));
        }
    }

    @Override
    public void attendBackward(Attention attention, int[] lengths, Attention gradients) {
        if (NativeHeads.pay(attention.shape(), lengths)) {
            new NativeHeads(runner).backward((Nd4jAttention) attention, (Nd4jAttention) gradients);
        } else {
            heads(
                    attention.shape(),
                    attention.shape().keyValueHeads(),
                    head -> HostHeads.of(attention).backward(lengths, head, HostHeads.of(gradients)));
        }
    }

    /** Runs a task for so many heads of every sequence; they do not depend on each other. */
    private void heads(HeadShape shape, int perSequence, IntConsumer task) {
        runner.run(shape.batch() * perSequence, 1, shape.length() * shape.width(), (from, to, scratch) -> {
            for (int head = from; head < to; head++) {
                task.accept(head);
            }
        });
    }

    @Override
    public void keep(Matrix projections, int[] rows, KeyValues past, int[] slots) {
        new HostPast(past).keep(projections, rows, slots);
    }

    @Override
    public void attendNext(Matrix projections, KeyValues past, int[] lengths, Matrix context) {
        HostPast kept = new HostPast(past);
        HeadShape shape = past.shape();
        runner.run(shape.batch() * shape.heads(), 1, shape.length() * shape.width(), (from, to, scratch) -> {
            for (int head = from; head < to; head++) {
                kept.attend(projections, lengths, head, context);
            }
        });
    }

    @Override
    public void gatherRows(Matrix table, int[] ids, Matrix rows, boolean add) {
        int columns = rows.columns();
        Floats from = floats(table);
        Floats to = floats(rows);
        float[] row = new float[columns];
        float[] sum = new float[columns];
        for (int i = 0; i < rows.rows(); i++) {
            from.read(checkedRow(ids[i], table), row);
            if (add) {
                to.read(i, sum);
                HostKernels.add(row, sum, columns);
            }
            to.write(i, row);
        }
    }

    @Override
    public void scatterAddRows(Matrix rows, int[] ids, Matrix table) {
        int columns = rows.columns();
        Floats from = floats(rows);
        Floats to = floats(table);
        float[] row = new float[columns];
        float[] sum = new float[columns];
        for (int i = 0; i < rows.rows(); i++) {
            from.read(i, row);
            to.read(checkedRow(ids[i], table), sum);
            HostKernels.add(sum, row, columns);
            to.write(ids[i], sum);
        }
    }

    @Override
    public double crossEntropy(Matrix logits, int[] targets, float scale) {
        int columns = logits.columns();
        double[] losses = new double[logits.rows()];
        Floats floats = floats(logits);
        runner.run(logits.rows(), columns, (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            HostSoftmax.crossEntropy(scratch, columns, targets, scale, new HostSoftmax.Losses(losses, from, to - from));
            floats.write(from, to, scratch[1]);
        });
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum;
    }

    private static int checkedRow(int id, Matrix table) {
        if (id < 0 || id >= table.rows()) {
            throw new IllegalArgumentException("row %d is outside a table of %d rows".formatted(id, table.rows()));
        }
        return id;
    }

    private static int sumBlockRows(int rows) {
        return (rows + SUM_BLOCKS - 1) / SUM_BLOCKS;
    }

    private static int blocks(int rows, int blockRows) {
        return (rows + blockRows - 1) / blockRows;
    }

    /** Adds the partial sums in their order to a row. */
    private static void addAll(float[][] partial, Matrix sums) {
        float[] total = row(sums);
        for (float[] part : partial) {
            HostKernels.add(total, part, total.length);
        }
        sums.put(total);
    }

    /** A row repeated over a block. */
    private static float[] tile(Matrix vector) {
        return HostTile.ofRow(row(vector), RowRunner.blockRows(vector.columns()));
    }

    private static float[] row(Matrix vector) {
        float[] copy = new float[vector.size()];
        vector.get(copy);
        return copy;
    }

    private static Floats floats(Matrix matrix) {
        return Floats.of(matrix);
    }
}
