package io.tessellate.engine.train.checkpoint;

import io.tessellate.engine.values.FloatBlocks;

/**
 * Watches the loss on held-out examples and keeps the values that had the lowest. Over after so many checks in a row that
 * did not lower it.
 */
public final class EarlyStop {
    private final int patience;
    private State state;

    public EarlyStop(int patience, State state) {
        this.patience = patience;
        this.state = state;
    }

    /** Takes note of a check; the values are copied where they are the best so far. */
    public void checked(double loss, FloatBlocks values) {
        state = loss < state.best
                ? new State(loss, 0, values.copy())
                : new State(state.best, state.misses + 1, state.values);
    }

    /** Whether training should stop. */
    public boolean over() {
        return state.misses >= patience;
    }

    /** Puts the best values back, if there was a check. */
    public void restore(FloatBlocks values) {
        if (state.values.count() > 0) {
            values.copyFrom(state.values);
        }
    }

    public State state() {
        return state;
    }

    /**
     * What a checkpoint keeps.
     *
     * @param best lowest loss so far
     * @param misses checks since then
     * @param values trained values of that check; empty before the first
     */
    public record State(double best, int misses, FloatBlocks values) {
        public static State start() {
            return new State(Double.POSITIVE_INFINITY, 0, FloatBlocks.none());
        }
    }
}
