package io.tessellate.experiment;

import java.util.Locale;

/**
 * How far an experiment is.
 *
 * @param done runs that are there
 * @param runs all of them
 * @param secondsLeft estimate for the others, from how long tasks took so far
 */
public record ExperimentProgress(int done, int runs, double secondsLeft) {
    private static final int WIDTH = 30;
    private static final int MINUTE = 60;

    /** A bar, the counts and the time left, as one line. */
    public String bar() {
        int filled = runs == 0 ? WIDTH : WIDTH * done / runs;
        return "[%s%s] %d of %d runs, %s left"
                .formatted("#".repeat(filled), "-".repeat(WIDTH - filled), done, runs, time());
    }

    private String time() {
        return secondsLeft < MINUTE
                ? String.format(Locale.ROOT, "%.0f s", secondsLeft)
                : String.format(Locale.ROOT, "%.0f min", Math.ceil(secondsLeft / MINUTE));
    }
}
