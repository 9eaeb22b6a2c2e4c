package io.tessellate.engine.bench;

import java.util.EnumMap;
import java.util.Map;

/** Adds up the time and the multiplications of one step's parts. For one thread. */
final class PartClock {
    private final Map<StepPart, Long> nanos = new EnumMap<>(StepPart.class);
    private final Map<StepPart, Double> flops = new EnumMap<>(StepPart.class);

    void clear() {
        nanos.clear();
        flops.clear();
    }

    void add(StepPart part, long duration) {
        nanos.merge(part, duration, Long::sum);
    }

    void addFlops(StepPart part, double count) {
        flops.merge(part, count, Double::sum);
    }

    /** Runs a piece of work on a part's account. */
    void time(StepPart part, Runnable work) {
        long start = System.nanoTime();
        work.run();
        add(part, System.nanoTime() - start);
    }

    double milliseconds(StepPart part) {
        return nanos.getOrDefault(part, 0L) / 1e6;
    }

    double flops(StepPart part) {
        return flops.getOrDefault(part, 0.0);
    }

    /** Milliseconds of all parts together. */
    double milliseconds() {
        return nanos.values().stream().mapToLong(Long::longValue).sum() / 1e6;
    }
}
