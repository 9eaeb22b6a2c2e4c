package io.tessellate.engine.plan;

import io.tessellate.engine.plan.MemoryUse.Place;
import java.util.Comparator;
import java.util.List;

/**
 * How much memory a run will take, part by part.
 *
 * @param phases in their order; at least one
 * @param batch examples of a step
 * @param microBatch most of them that go through the model at once; 0: all
 */
public record MemoryPlan(List<PhaseMemory> phases, int batch, int microBatch) {
    /** Copies the list, which must not be empty. */
    public MemoryPlan {
        phases = List.copyOf(phases);
        if (phases.isEmpty()) {
            throw new IllegalArgumentException("a run has at least one phase");
        }
    }

    /**
     * The part in which most is taken.
     *
     * @param shared whether device and process lie in the same memory; else the device's counts
     */
    public PhaseMemory peak(boolean shared) {
        return phases.stream()
                .max(Comparator.comparingLong(phase -> shared ? phase.all() : phase.in(Place.DEVICE)))
                .orElseThrow();
    }

    /** The most bytes that are taken in one place at a time. */
    public long peak(Place place) {
        return phases.stream().mapToLong(phase -> phase.in(place)).max().orElseThrow();
    }
}
