package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.function.IntSupplier;

/** Trains as a run does that is stopped again and again, and each time goes on at its last checkpoint. */
final class Interruptions {
    private final CheckpointStore checkpoints;
    private final IntSupplier steps;
    private int count;

    private Interruptions(Path directory, IntSupplier steps) {
        this.checkpoints = new CheckpointStore(directory);
        this.steps = steps;
    }

    /** Stops after so many steps each time; checkpoints, one every three steps, go to a directory. */
    static Interruptions every(int steps, Path directory) {
        return new Interruptions(directory, () -> steps);
    }

    /** Stops after a random number of steps, at most so many. */
    static Interruptions atRandom(int most, Random random, Path directory) {
        return new Interruptions(directory, () -> 1 + random.nextInt(most));
    }

    /** Trains to the end. */
    TrainingOutcome train(TrainingJob job) {
        while (true) {
            try {
                return new Trainer(TrainingFixture.BACKEND).train(job, stoppedAfter(steps.getAsInt()));
            } catch (TessellateException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED);
                count++;
            }
        }
    }

    /** How often it was stopped so far. */
    int count() {
        return count;
    }

    private TrainingControl stoppedAfter(int most) {
        long[] left = {most};
        return new TrainingControl(
                progress -> left[0]--,
                () -> left[0] <= 0,
                checkpoints,
                CheckpointPolicy.everySteps(3),
                Clock.systemUTC());
    }
}
