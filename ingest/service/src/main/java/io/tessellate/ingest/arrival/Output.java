package io.tessellate.ingest.arrival;

import io.tessellate.event.TaskEvent;
import org.jspecify.annotations.Nullable;

/** What the topology says: something about a task, or a record put aside. */
public sealed interface Output {
    /** Something about a task; keyed by model. */
    record Event(TaskEvent event) implements Output {}

    /** A record's value as it came; keyed by task, the reason in the headers. */
    record Letter(byte @Nullable [] value) implements Output {}
}
