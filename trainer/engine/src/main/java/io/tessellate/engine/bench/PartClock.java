package io.tessellate.engine.bench;

import java.util.EnumMap;
import java.util.Map;

/** Adds up the time and the multiplications of one step's parts. For one thread. */
final class PartClock {
    private final Map<Part, Long> nanos = new EnumMap<>(Part.class);
    private final Map<Part, Double> flops = new EnumMap<>(Part.class);

    void clear() {
        nanos.clear();
        flops.clear();
    }

    void add(Part part, long duration) {
        nanos.merge(part, duration, Long::sum);
    }

    void addFlops(Part part, double count) {
        flops.merge(part, count, Double::sum);
    }

    /** Runs a piece of work on a part's account. */
    void time(Part part, Runnable work) {
        long start = System.nanoTime();
        work.run();
        add(part, System.nanoTime() - start);
    }

    double milliseconds(Part part) {
        return nanos.getOrDefault(part, 0L) / 1e6;
    }

    double flops(Part part) {
        return flops.getOrDefault(part, 0.0);
    }

    /** Milliseconds of all parts together. */
    double milliseconds() {
        return nanos.values().stream().mapToLong(Long::longValue).sum() / 1e6;
    }
}
