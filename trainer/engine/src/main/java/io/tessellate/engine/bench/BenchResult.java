package io.tessellate.engine.bench;

import java.util.List;
import java.util.Optional;

/**
 * What a benchmark measured.
 *
 * @param plan what was asked
 * @param backend what ran, in one line
 * @param threads threads of the matrix products
 * @param parameters of the model
 * @param evaluation a forward pass without keeping anything
 * @param gemmPeak GF/s of the fastest matrix product seen in the same run
 * @param storage reading and exchanging weights; not of models whose file would be larger than a gigabyte
 * @param workloads one after the other
 */
public record BenchResult(
        BenchPlan plan,
        String backend,
        int threads,
        long parameters,
        Times evaluation,
        double gemmPeak,
        Optional<StorageTimes> storage,
        List<WorkloadResult> workloads) {
    /** Copies the list. */
    public BenchResult {
        workloads = List.copyOf(workloads);
    }
}
