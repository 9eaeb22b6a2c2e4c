package io.tessellate.engine.bench;

import java.util.List;

/**
 * What a benchmark measured.
 *
 * @param plan what was asked
 * @param backend what ran, in one line
 * @param threads threads of the matrix products
 * @param parameters of the encoder
 * @param evaluation a forward pass without keeping anything
 * @param gemmPeak GF/s of the fastest matrix product seen in the same run
 * @param loading reading a checkpoint of that size from the system's cache
 * @param switchingTenth from the base to the view of a task that owns a tenth of the eligible weights, and back
 * @param switchingHundredth the same for a hundredth
 * @param workloads one after the other
 */
public record BenchResult(
        BenchPlan plan,
        String backend,
        int threads,
        long parameters,
        Times evaluation,
        double gemmPeak,
        Times loading,
        Times switchingTenth,
        Times switchingHundredth,
        List<WorkloadResult> workloads) {
    /** Copies the list. */
    public BenchResult {
        workloads = List.copyOf(workloads);
    }
}
