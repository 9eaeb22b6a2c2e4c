package io.tessellate.engine.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The timings of a workload's steps as they come in. */
final class StepTimes {
    private final double[] step;
    private final double[] pass;
    private final Map<StepPart, double[]> parts = new EnumMap<>(StepPart.class);
    private final Map<StepPart, double[]> rates = new EnumMap<>(StepPart.class);
    private final long[] processorNanos;
    private long began;
    private long passBegan;
    private long passNanos;
    private long processorBegan;

    StepTimes(int steps) {
        this.step = new double[steps];
        this.pass = new double[steps];
        this.processorNanos = new long[steps];
        for (StepPart part : StepPart.values()) {
            parts.put(part, new double[steps]);
            rates.put(part, new double[steps]);
        }
    }

    void begin() {
        processorBegan = processorTime();
        began = System.nanoTime();
    }

    void beginPass() {
        passBegan = System.nanoTime();
    }

    void endPass() {
        passNanos = System.nanoTime() - passBegan;
    }

    /** Ends a step; steps of negative numbers were for warming up. */
    void end(int number, PartClock clock) {
        double milliseconds = (System.nanoTime() - began) / 1e6;
        if (number < 0) {
            return;
        }
        step[number] = milliseconds;
        pass[number] = passNanos / 1e6;
        processorNanos[number] = processorTime() - processorBegan;
        clock.add(StepPart.OTHER, (long) (1e6 * (milliseconds - clock.milliseconds())));
        for (StepPart part : StepPart.values()) {
            double time = clock.milliseconds(part);
            parts.get(part)[number] = time;
            rates.get(part)[number] = time == 0 ? 0 : clock.flops(part) / time / 1e6;
        }
    }

    private static long processorTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(0L);
    }

    WorkloadResult result(BenchWorkload workload, long trained, int tokens) {
        Times steps = Times.of(step);
        return new WorkloadResult(
                workload,
                trained,
                steps,
                Times.of(pass),
                Arrays.stream(processorNanos).average().orElseThrow() / 1e6,
                medians(parts),
                medians(rates),
                1e3 * tokens / steps.median(),
                PeakMemory.megabytes());
    }

    private static Map<StepPart, Double> medians(Map<StepPart, double[]> values) {
        Map<StepPart, Double> medians = new EnumMap<>(StepPart.class);
        values.forEach((part, series) -> medians.put(part, Times.of(series).median()));
        return medians;
    }
}
