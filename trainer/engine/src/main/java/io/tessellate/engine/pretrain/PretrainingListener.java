package io.tessellate.engine.pretrain;

/** Is told how a pretraining goes. */
@FunctionalInterface
public interface PretrainingListener {
    /**
     * A step has been taken.
     *
     * @param step counted from 1
     * @param steps of how many
     * @param loss mean over the masked words of this step's batch
     */
    void onStep(int step, int steps, double loss);
}
