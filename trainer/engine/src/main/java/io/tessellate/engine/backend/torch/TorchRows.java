package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.RowKernels;
import java.util.Arrays;

/** Row kernels. Sums over rows are products with ones, which are fast and come out the same every time. */
record TorchRows(Workspaces workspaces) implements RowKernels {
    @Override
    public void addBias(Matrix x, Matrix bias) {
        try (KernelWorkspace work = workspaces.open()) {
            add(work, x, work.view(bias));
        }
    }

    @Override
    public void add(Matrix x, Matrix y) {
        try (KernelWorkspace work = workspaces.open()) {
            add(work, x, work.view(y));
        }
    }

    @Override
    public void scale(Matrix x, float factor) {
        try (KernelWorkspace work = workspaces.open()) {
            Operators.scale(work.view(x), factor);
        }
    }

    @Override
    public void addBiasAndResidual(Matrix x, Matrix bias, Matrix residual) {
        try (KernelWorkspace work = workspaces.open()) {
            add(work, x, work.view(residual));
            add(work, x, work.view(bias));
        }
    }

    private static void add(KernelWorkspace work, Matrix x, Tensor y) {
        Operators.addProduct(work.view(x), 1, y, work.one());
    }

    @Override
    public void addColumnSums(Matrix x, Matrix sums) {
        try (KernelWorkspace work = workspaces.open()) {
            addColumnSums(work, work.view(x), x.rows(), work.view(sums));
        }
    }

    /** sums, [1, columns], += the sums of the rows of x. */
    static void addColumnSums(KernelWorkspace work, Tensor x, int rows, Tensor sums) {
        Libtorch.multiply(sums, work.ones(1, rows), x, 1, 1);
    }

    @Override
    public void gatherRows(Matrix table, int[] ids, Matrix rows, boolean add) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor places = work.places(ids, ids.length);
            if (add) {
                Tensor found = work.like(rows);
                Operators.select(work.view(table), places, found);
                add(work, rows, found);
            } else {
                Operators.select(work.view(table), places, work.view(rows));
            }
        }
    }

    /** Rows of the same id are summed beforehand: added one by one, they would come in whatever order threads do. */
    @Override
    public void scatterAddRows(Matrix rows, int[] ids, Matrix table) {
        int[] distinct = Arrays.stream(ids).sorted().distinct().toArray();
        int[] groups =
                Arrays.stream(ids).map(id -> Arrays.binarySearch(distinct, id)).toArray();
        try (KernelWorkspace work = workspaces.open()) {
            Tensor sums = work.floats(distinct.length, rows.columns());
            Operators.sumRows(work.view(rows), work.places(groups, groups.length), distinct.length, sums);
            Tensor places = work.places(distinct, distinct.length);
            Tensor changed = work.floats(distinct.length, rows.columns());
            Operators.select(work.view(table), places, changed);
            Operators.addProduct(changed, 1, sums, work.one());
            Operators.assign(work.view(table), places, changed);
        }
    }

    @Override
    public double crossEntropy(Matrix logits, int[] targets, float scale) {
        int[] places = new int[targets.length];
        Arrays.setAll(places, row -> row * logits.columns() + targets[row]);
        float[] logarithms = new float[targets.length];
        try (KernelWorkspace work = workspaces.open()) {
            Tensor x = work.view(logits);
            Tensor flat = work.view(logits, 0, logits.size());
            Tensor targetPlaces = work.places(places, places.length);
            Tensor found = work.floats(places.length);
            Tensor all = work.like(logits);
            Operators.logSoftmax(x, 1, all);
            Operators.select(work.view(all, logits.size()), targetPlaces, found);
            found.read(logarithms, places.length);
            Operators.softmax(x, 1, x);
            Operators.select(flat, targetPlaces, found);
            Operators.addProduct(found, -1, work.one(), work.one());
            Operators.assign(flat, targetPlaces, found);
            Operators.scale(x, scale);
        }
        double loss = 0;
        for (float logarithm : logarithms) {
            loss -= logarithm;
        }
        return loss;
    }
}
