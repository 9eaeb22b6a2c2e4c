package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.RowKernels;

/** Sums with biases and residuals, look-ups and the loss as Java loops over blocks. */
record HostRows(RowRunner runner) implements RowKernels {
    @Override
    public void addBias(Matrix x, Matrix bias) {
        float[] b = HostTile.of(bias);
        Floats floats = Floats.of(x);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            HostKernels.add(scratch[0], b, (to - from) * x.columns());
            floats.write(from, to, scratch[0]);
        });
    }

    @Override
    public void add(Matrix x, Matrix y) {
        Floats floats = Floats.of(x);
        Floats other = Floats.of(y);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            other.read(from, to, scratch[1]);
            HostKernels.add(scratch[0], scratch[1], (to - from) * x.columns());
            floats.write(from, to, scratch[0]);
        });
    }

    @Override
    public void scale(Matrix x, float factor) {
        Floats floats = Floats.of(x);
        runner.run(x.rows(), x.columns(), (from, to, scratch) -> {
            floats.read(from, to, scratch[0]);
            HostKernels.scale(scratch[0], factor, (to - from) * x.columns());
            floats.write(from, to, scratch[0]);
        });
    }

    @Override
    public void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual) {
        float[] b = HostTile.of(bias);
        Floats floats = Floats.of(x);
        Floats other = Floats.of(residual);
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
        int blockRows = RowSums.blockRows(x.rows());
        float[][] partial = RowSums.partial(x.rows(), columns);
        Floats floats = Floats.of(x);
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
        RowSums.addAll(partial, sums);
    }

    @Override
    public void gatherRows(Matrix table, int[] ids, Matrix rows, boolean add) {
        int columns = rows.columns();
        Floats from = Floats.of(table);
        Floats to = Floats.of(rows);
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
        Floats from = Floats.of(rows);
        Floats to = Floats.of(table);
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
        Floats floats = Floats.of(logits);
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
}
