package io.tessellate.registry;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import org.jspecify.annotations.Nullable;

/** A record that holds no command: undecodable, empty, or with a value out of its range. */
record UnreadableCommand(
        ErrorCode code,
        String message,
        @Nullable TaskName task,
        @Nullable RunId run) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        return Decision.rejected(code, message, task, run);
    }
}
