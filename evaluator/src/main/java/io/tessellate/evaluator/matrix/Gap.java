package io.tessellate.evaluator.matrix;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;

/**
 * A cell of a row that has no score.
 *
 * @param reason what prevents the measurement
 */
public record Gap(TaskName task, ErrorCode code, String reason) {}
