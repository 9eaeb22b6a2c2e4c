package io.tessellate.lineage;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a model waits for a person.
 *
 * @param code row of the error table
 * @param reason what is wrong and what to do
 * @param task task whose stored file is concerned; null if it is the base's
 * @param version version whose stored file is concerned; null if it is the base's
 * @param path where that file lies
 * @param since when it was parked
 */
public record Parked(
        ErrorCode code,
        String reason,
        @Nullable TaskName task,
        @Nullable Integer version,
        @Nullable String path,
        Instant since) {}
