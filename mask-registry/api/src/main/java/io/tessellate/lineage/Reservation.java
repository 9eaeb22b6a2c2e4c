package io.tessellate.lineage;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.mask.grant.ExpanderClass;
import org.jspecify.annotations.Nullable;

/**
 * The right to commit an adapter for a task.
 *
 * @param task the task
 * @param run the run that holds it
 * @param token fencing token; only the newest of a task commits
 * @param parentVersion version to train on; 0 is the base
 * @param budget largest number of weights the adapter may own
 * @param method method it was reserved for
 * @param lift the class of an expander mask; null for the other methods
 */
public record Reservation(
        TaskId task,
        RunId run,
        long token,
        int parentVersion,
        long budget,
        String method,
        @Nullable ExpanderClass lift) {}
