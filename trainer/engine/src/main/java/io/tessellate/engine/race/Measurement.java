package io.tessellate.engine.race;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a trial came to, group by group of held-out examples, so that two trials can be compared where they saw the same.
 *
 * @param steps optimiser steps that it took
 * @param cost what it cost, in steps of the training
 * @param own the new task's loss in each group, as a share of what the best constant answer loses; none if it diverged
 * @param earlier by how much the earlier tasks' losses rose, as such shares, in parts that add up
 */
public record Measurement(long steps, double cost, List<Double> own, List<Double> earlier) {
    private static final double HARMLESS = 0.25;

    /** A share of the best constant answer's loss that is more than noise. */
    private static final double LEARNT = 0.1;

    /** Copies the lists. */
    public Measurement {
        own = List.copyOf(own);
        earlier = List.copyOf(earlier);
    }

    /** A trial that was left because its loss exploded or was no number. */
    public static Measurement diverged(long steps, double cost) {
        return new Measurement(steps, cost, List.of(), List.of());
    }

    /** Whether it was left early. */
    public boolean isDiverged() {
        return own.isEmpty();
    }

    /** The new task's mean loss. */
    public double unlearnt() {
        return mean(own);
    }

    /** By how much the earlier tasks' losses rose in all. */
    public double forgotten() {
        return earlier.stream().mapToDouble(Double::doubleValue).sum();
    }

    /**
     * What trials are ordered by, the least first. Who has learnt nothing yet is no better for having moved less: up to a quarter
     * above the best constant answer a loss counts as that.
     */
    public double score() {
        double own = unlearnt();
        return isDiverged() ? Double.POSITIVE_INFINITY : (own < 1 ? own : Math.max(1, own - HARMLESS)) + forgotten();
    }

    /** Whether it diverged, or the new task is a quarter of a constant answer's loss worse off than by that answer. */
    public boolean harmsNew() {
        return isDiverged() || unlearnt() > 1 + HARMLESS;
    }

    /** Whether the earlier tasks in all are a quarter of a constant answer's loss worse off than before. */
    public boolean harmsEarlier() {
        return forgotten() > HARMLESS;
    }

    /** Whether it has learnt something, and no less than another. */
    public boolean hasLearntAsMuchAs(Measurement other) {
        return unlearnt() < 1 - LEARNT && unlearnt() <= other.unlearnt();
    }

    /**
     * Whether it is better than another trial by more than so many standard errors of their difference. Differences are taken
     * group by group: what makes a group hard for both is no difference.
     */
    public boolean betterThan(Measurement other, double errors) {
        if (isDiverged() || other.isDiverged()) {
            return !isDiverged();
        }
        double[] mine = differences(own, other.own);
        double[] theirs = differences(earlier, other.earlier);
        double variance = variance(mine) / mine.length + variance(theirs) * theirs.length;
        return other.score() - score() > errors * Math.sqrt(variance);
    }

    private static double[] differences(List<Double> one, List<Double> other) {
        return IntStream.range(0, one.size())
                .mapToDouble(g -> one.get(g) - other.get(g))
                .toArray();
    }

    /** The sample variance; 0 of fewer than two values. */
    private static double variance(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = DoubleStream.of(values).average().orElseThrow();
        return DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.POSITIVE_INFINITY);
    }
}
