package io.tessellate.engine.bench;

import java.util.Map;

/**
 * One workload's numbers.
 *
 * @param workload what was trained
 * @param trained number of trained encoder weights
 * @param step a whole training step
 * @param pass forward and backward alone: what {@code step} takes without clearing gradients and moving weights
 * @param cpu milliseconds of processor time of a step, all threads together, on average
 * @param parts median milliseconds of each part of a step
 * @param gigaflops what the matrix products of each part reached, in GF/s; 0 for parts without
 * @param tokensPerSecond tokens trained on per second at the median step
 * @param peakMegabytes largest resident set of the process so far; 0 where the system does not tell
 */
public record WorkloadResult(
        BenchWorkload workload,
        long trained,
        Times step,
        Times pass,
        double cpu,
        Map<StepPart, Double> parts,
        Map<StepPart, Double> gigaflops,
        double tokensPerSecond,
        long peakMegabytes) {
    /** Copies the maps. */
    public WorkloadResult {
        parts = Map.copyOf(parts);
        gigaflops = Map.copyOf(gigaflops);
    }
}
