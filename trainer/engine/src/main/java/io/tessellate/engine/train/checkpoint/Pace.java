package io.tessellate.engine.train.checkpoint;

import java.time.Clock;

/** Watches how fast steps go by: for the time left and for when the next checkpoint is due. */
public final class Pace {
    private final CheckpointPolicy policy;
    private final Clock clock;
    private long started;
    private long stepsHere;
    private long lastCheckpoint;
    private long stepsSinceCheckpoint;

    public Pace(CheckpointPolicy policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
        restart();
    }

    public void restart() {
        started = clock.millis();
        lastCheckpoint = started;
        stepsHere = 0;
        stepsSinceCheckpoint = 0;
    }

    /** Counts a step and estimates the time to the end from the steps taken here; a resumed phase took others elsewhere. */
    public double secondsLeft(long step, long steps) {
        stepsHere++;
        stepsSinceCheckpoint++;
        return (clock.millis() - started) / 1000.0 / stepsHere * (steps - step);
    }

    /** Whether it is time for a checkpoint; if so, counting starts anew. */
    public boolean checkpointDue() {
        long now = clock.millis();
        boolean due = stepsSinceCheckpoint >= policy.steps()
                || now - lastCheckpoint >= policy.interval().toMillis();
        if (due) {
            stepsSinceCheckpoint = 0;
            lastCheckpoint = now;
        }
        return due;
    }
}
