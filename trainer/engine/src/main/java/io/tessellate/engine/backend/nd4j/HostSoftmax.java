package io.tessellate.engine.backend.nd4j;

import java.util.Arrays;

/** Softmax of single rows. */
final class HostSoftmax {
    private HostSoftmax() {}

    /** Scaled softmax over the first {@code live} of {@code columns} entries, from scratch 0 to 1; the others get 0. */
    static void row(float[][] scratch, int start, int live, int columns, float scale) {
        float[] x = scratch[0];
        float[] y = scratch[1];
        int end = start + live;
        HostKernels.scale(x, scale, start, end);
        HostKernels.addScalar(x, -HostKernels.max(x, start, end), start, end);
        HostKernels.expNonPositive(x, y, start, end);
        HostKernels.scale(y, 1f / HostKernels.sum(y, start, end), start, end);
        Arrays.fill(y, end, start + columns, 0f);
    }

    /** -log p[target] of a row in scratch 0; scale (p - onehot) goes to scratch 1. */
    static double crossEntropy(float[][] scratch, int start, int columns, int target, float scale) {
        float[] x = scratch[0];
        float[] y = scratch[1];
        int end = start + columns;
        HostKernels.addScalar(x, -HostKernels.max(x, start, end), start, end);
        HostKernels.expNonPositive(x, y, start, end);
        float sum = HostKernels.sum(y, start, end);
        HostKernels.scale(y, scale / sum, start, end);
        y[start + target] -= scale;
        return Math.log(sum) - x[start + target];
    }
}
