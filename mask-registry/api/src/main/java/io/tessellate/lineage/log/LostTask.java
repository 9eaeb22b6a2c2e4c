package io.tessellate.lineage.log;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;

/**
 * An earlier task that a run could not look back at.
 *
 * @param reason what of its records is missing
 */
public record LostTask(TaskName task, ErrorCode code, String reason) {}
