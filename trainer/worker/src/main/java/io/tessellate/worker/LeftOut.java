package io.tessellate.worker;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;

/**
 * An earlier task whose records can no longer be read, so that a run goes on without them.
 *
 * @param code of what is wrong
 * @param reason what is missing, and where
 */
record LeftOut(TaskName task, ErrorCode code, String reason) {}
