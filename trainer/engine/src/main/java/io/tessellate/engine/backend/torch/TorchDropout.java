package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.DropoutBits;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.ProbabilityDropout;

/** The bits of {@link ProbabilityDropout} for all probabilities at once: its arithmetic on whole numbers of the device. */
final class TorchDropout {
    private TorchDropout() {}

    /** What each probability is multiplied with, [score rows, length]. */
    static Tensor factors(KernelWorkspace work, HeadShape shape, ProbabilityDropout dropout) {
        int rows = shape.scoreRows();
        int length = shape.length();
        Tensor z = counters(work, shape, dropout);
        Tensor shifted = work.wholes(rows, length);
        mixIn(z, 30, shifted);
        Operators.multiply(z, work.number(DropoutBits.FIRST), z);
        mixIn(z, 27, shifted);
        Operators.multiply(z, work.number(DropoutBits.SECOND), z);
        mixIn(z, 31, shifted);
        Operators.shift(z, 32, shifted);
        Tensor factors = work.floats(rows, length);
        Operators.atLeast(shifted, work.number(DropoutBits.least(dropout.rate())), factors);
        Operators.scale(factors, DropoutBits.kept(dropout.rate()));
        return factors;
    }

    /** Each row's key, then one more of the golden ratio for each column. */
    private static Tensor counters(KernelWorkspace work, HeadShape shape, ProbabilityDropout dropout) {
        int rows = shape.scoreRows();
        int length = shape.length();
        long[] keys = new long[rows];
        for (int row = 0; row < rows; row++) {
            int head = row / length;
            keys[row] = dropout.rowKey(head / shape.heads(), head % shape.heads(), row % length);
        }
        Tensor counters = work.wholes(rows, length);
        Operators.fill(counters, work.number(DropoutBits.GOLDEN));
        Libtorch.copy(work.strided(counters, new long[] {rows, 1}, new long[] {length, 1}), work.upload(keys, rows, 1));
        Operators.runningSum(counters, 1);
        return counters;
    }

    private static void mixIn(Tensor z, int bits, Tensor shifted) {
        Operators.shift(z, bits, shifted);
        Operators.xor(z, shifted);
    }
}
