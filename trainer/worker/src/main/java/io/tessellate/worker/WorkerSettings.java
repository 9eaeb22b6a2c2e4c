package io.tessellate.worker;

import io.tessellate.runtime.config.DataDirectory;
import java.time.Duration;

/**
 * How a training worker runs.
 *
 * @param data where checkpoints and unpacked base models are kept
 * @param backend name of the engine's backend, for example {@code host}
 * @param answerPatience how long the registry may take to answer before the worker asks again
 * @param checkpointEvery longest time between two checkpoints of a run
 */
public record WorkerSettings(DataDirectory data, String backend, Duration answerPatience, Duration checkpointEvery) {
    /** The usual patience on a data directory. */
    public static WorkerSettings of(DataDirectory data, String backend) {
        return new WorkerSettings(data, backend, Duration.ofSeconds(60), Duration.ofSeconds(5));
    }
}
