package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.DataDirectory;
import java.time.Duration;

/**
 * How a training worker runs.
 *
 * @param data where checkpoints and unpacked base models are kept
 * @param answerPatience how long the registry may take to answer before the worker asks again
 * @param checkpointEvery longest time between two checkpoints of a run
 * @param lanes how many parallel tasks it trains at the same time
 */
public record WorkerSettings(DataDirectory data, Duration answerPatience, Duration checkpointEvery, int lanes) {
    public WorkerSettings {
        if (lanes < 1) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION, "a worker must have at least 1 lane: " + lanes);
        }
    }

    /** The usual patience on a data directory. */
    public static WorkerSettings of(DataDirectory data, int lanes) {
        return new WorkerSettings(data, Duration.ofSeconds(60), Duration.ofSeconds(5), lanes);
    }
}
