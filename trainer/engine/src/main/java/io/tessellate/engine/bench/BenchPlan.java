package io.tessellate.engine.bench;

import io.tessellate.engine.precision.Precision;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;

/**
 * What is measured.
 *
 * @param shape the model and its batches
 * @param workloads what is trained of it, one after the other
 * @param steps timed steps of each, after a third as many that warm up
 * @param seed of weights, batches and masks
 * @param shortWeights whether frozen matrices are kept in 16 bits
 * @param precision of the passes
 */
public record BenchPlan(
        BenchShape shape,
        List<BenchWorkload> workloads,
        int steps,
        long seed,
        boolean shortWeights,
        Precision precision) {
    /** Checks that there is something to measure. */
    public BenchPlan {
        workloads = List.copyOf(workloads);
        if (workloads.isEmpty() || steps < 1) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a benchmark needs a workload and at least one step, not %d".formatted(steps));
        }
    }

    /** A plan with all weights in 32 bits, in single precision. */
    public BenchPlan(BenchShape shape, List<BenchWorkload> workloads, int steps, long seed) {
        this(shape, workloads, steps, seed, false, Precision.FP32);
    }

    /** Steps before the first timed one. */
    int warmup() {
        return Math.max(2, steps / 3);
    }
}
