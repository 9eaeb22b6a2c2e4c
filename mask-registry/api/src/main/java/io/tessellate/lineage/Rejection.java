package io.tessellate.lineage;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;

/**
 * An adapter that was refused.
 *
 * @param task task it was for
 * @param run run that trained it
 * @param token token it came with
 * @param code row of the error table
 * @param message which requirement failed, with the numbers
 */
public record Rejection(TaskId task, RunId run, long token, ErrorCode code, String message) {}
