package io.tessellate.lineage;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.RegistryEvent.MaskReserved;
import io.tessellate.mask.grant.ExpanderClass;
import org.jspecify.annotations.Nullable;

/**
 * The right to commit an adapter for a task.
 *
 * @param task the task
 * @param event the event that gave it
 */
public record Reservation(TaskId task, MaskReserved event) {
    /** The run that holds it. */
    public RunId run() {
        return event.run();
    }

    /** Fencing token; only the newest of a task commits. */
    public long token() {
        return event.token();
    }

    /** Version to train on; 0 is the base. */
    public int parentVersion() {
        return event.parentVersion();
    }

    /** Largest number of weights the adapter may own. */
    public long budget() {
        return event.budget();
    }

    /** Method it was reserved for. */
    public String method() {
        return event.method();
    }

    /** The class of an expander mask; null for the other methods. */
    public @Nullable ExpanderClass lift() {
        return event.lift();
    }
}
