package io.tessellate.lineage;

import io.tessellate.error.ErrorCode;
import io.tessellate.lineage.log.RegistryEvent.ModelParked;
import java.time.Instant;

/**
 * That a model waits for a person.
 *
 * @param event why, and which stored file is concerned
 * @param since when it was parked
 */
public record Parked(ModelParked event, Instant since) {
    /** Row of the error table. */
    public ErrorCode code() {
        return event.code();
    }

    /** What is wrong and what to do. */
    public String reason() {
        return event.reason();
    }
}
