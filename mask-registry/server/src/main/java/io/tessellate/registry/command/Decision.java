package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.RegistryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows from a command: the events to append to the log, possibly none. */
public record Decision(List<RegistryEvent> events) {
    private static final Decision NOTHING = new Decision(List.of());

    public Decision {
        events = List.copyOf(events);
    }

    /** Nothing follows; the command was carried out before or changes nothing. */
    static Decision nothing() {
        return NOTHING;
    }

    public static Decision of(RegistryEvent event) {
        return new Decision(List.of(event));
    }

    /** The command is refused. */
    static Decision rejected(ErrorCode code, String message, @Nullable TaskName task, @Nullable RunId run) {
        return of(new RegistryEvent.CommandRejected(code, message, task, run));
    }
}
