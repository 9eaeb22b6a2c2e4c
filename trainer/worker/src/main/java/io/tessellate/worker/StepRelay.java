package io.tessellate.worker;

import io.tessellate.engine.train.TrainingListener;
import io.tessellate.engine.train.TrainingProgress;

/** Passes the engine's progress on; the first step it hears of says where the attempt began. */
final class StepRelay implements TrainingListener {
    private final TrainingEngine.RunWatch watch;
    private boolean begun;

    StepRelay(TrainingEngine.RunWatch watch) {
        this.watch = watch;
    }

    @Override
    public void progressed(TrainingProgress now) {
        if (!begun) {
            begun = true;
            watch.begins(now.step() - 1);
        }
        watch.progress(now.phase().label(), now.step(), now.steps(), now.loss(), now.secondsLeft());
    }
}
