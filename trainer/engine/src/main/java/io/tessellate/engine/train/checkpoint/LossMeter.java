package io.tessellate.engine.train.checkpoint;

/** Follows the loss of a phase: smoothed for people, and its mean over the last tenth of the steps. */
public final class LossMeter {
    private static final double KEEP = 0.95;

    private final long steps;
    private State state;

    public LossMeter(long steps, State state) {
        this.steps = steps;
        this.state = state;
    }

    public void add(long step, double loss) {
        boolean inLastTenth = step >= steps - Math.max(1, steps / 10);
        state = new State(
                step == 0 ? loss : KEEP * state.smoothed + (1 - KEEP) * loss,
                state.tailSum + (inLastTenth ? loss : 0),
                state.tailCount + (inLastTenth ? 1 : 0));
    }

    public double smoothed() {
        return state.smoothed;
    }

    public double finalLoss() {
        // A phase that stopped early has no last tenth.
        return state.tailCount == 0 ? state.smoothed : state.tailSum / state.tailCount;
    }

    public State state() {
        return state;
    }

    /**
     * What a checkpoint keeps.
     *
     * @param smoothed exponential mean
     * @param tailSum sum over the steps of the last tenth so far
     * @param tailCount number of them
     */
    public record State(double smoothed, double tailSum, long tailCount) {
        public static State start() {
            return new State(0, 0, 0);
        }
    }
}
