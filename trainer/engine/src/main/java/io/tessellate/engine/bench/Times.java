package io.tessellate.engine.bench;

import java.util.Arrays;

/**
 * Repeated timings of one thing in milliseconds.
 *
 * @param median the middle one
 * @param min the smallest
 */
public record Times(double median, double min) {
    static Times of(double[] milliseconds) {
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        return new Times(sorted[sorted.length / 2], sorted[0]);
    }
}
