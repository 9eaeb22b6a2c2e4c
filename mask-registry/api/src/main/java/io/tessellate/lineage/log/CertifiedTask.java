package io.tessellate.lineage.log;

import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;

/**
 * What a version vouches for, per task.
 *
 * @param task the task
 * @param owned weights it owns
 * @param sha256 digest over (tensor, index, value) of its owned weights in canonical order, read from the version
 */
public record CertifiedTask(TaskName task, long owned, Sha256 sha256) {}
