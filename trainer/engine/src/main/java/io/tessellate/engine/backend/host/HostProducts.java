package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.nd4j.InstructionSet;
import io.tessellate.engine.backend.nd4j.Nd4jProducts;
import io.tessellate.engine.backend.owned.DiagonalRuns;
import io.tessellate.engine.backend.owned.OwnedMatrix;

/**
 * Products by ND4J, with two exceptions: where entries are kept along diagonals, Java loops over just these; and A^T B where
 * ND4J's oneDNN is slow at it (docs/results/engine.md).
 */
final class HostProducts extends Nd4jProducts {
    /** Columns of A from whose multiples on oneDNN takes twice as long: its rows then lie whole pages apart. */
    private static final int PAGE_FLOATS = 1024;

    private final RowRunner runner;
    private final boolean avx2Only;

    HostProducts(Memory memory, RowRunner runner, InstructionSet instructions) {
        super(memory, instructions.brainFloats(), new HostProductThreads(runner.threads()));
        this.runner = runner;
        this.avx2Only = instructions.avx2Only();
    }

    @Override
    protected void multiplyWhole(Product product, Matrix a, Matrix b, Matrix c) {
        boolean transposed = product.transposeA() && !product.transposeB();
        if (avx2Only && transposed && a.columns() % PAGE_FLOATS == 0) {
            multiplyTransposed(product, a, b, c);
        } else {
            super.multiplyWhole(product, a, b, c);
        }
    }

    private static void multiplyRows(Product product, Matrix a, Matrix b, Matrix c, int from, int to) {
        NativeRows.of(c)
                .from(from, 0)
                .multiplyAtOnce(
                        product,
                        new NativeRows.Extent(to - from, c.columns(), a.rows()),
                        NativeRows.of(a).from(0, from),
                        NativeRows.of(b));
    }

    /** No more calls than threads, for each packs all of B anew; as with oneDNN their number may show in the last bits. */
    private void multiplyTransposed(Product product, Matrix a, Matrix b, Matrix c) {
        int blockRows =
                (c.rows() + runner.threads().count() - 1) / runner.threads().count();
        runner.run(c.rows(), blockRows, c.columns(), (from, to, scratch) -> multiplyRows(product, a, b, c, from, to));
    }

    @Override
    protected void addOwned(Matrix a, Matrix b, OwnedMatrix c, Whole products) {
        DiagonalRuns runs = c.runs();
        if (runs == null) {
            super.addOwned(a, b, c, products);
        } else {
            addAlong(runs, a, b, c);
        }
    }

    /** c += A^T B along diagonals: each token adds the products of pieces of its rows of A and B. */
    private void addAlong(DiagonalRuns runs, Matrix a, Matrix b, OwnedMatrix c) {
        int size = runs.size();
        int blockRows = RowSums.blockRows(a.rows());
        float[][] partial = RowSums.partial(a.rows(), size);
        Floats left = Floats.of(a);
        Floats right = Floats.of(b);
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
}
