package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.ledger.OwnershipLedger;
import org.jspecify.annotations.Nullable;

/**
 * A record that holds no command: empty, or with a value out of its range.
 *
 * @param token if it reports a finished training, the token that was trained under: whoever trained waits for a verdict
 */
record UnreadableCommand(
        ErrorCode code,
        String message,
        @Nullable TaskName task,
        @Nullable RunId run,
        @Nullable Long token) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        return refused(state.line().isPresent(), code, message);
    }

    @Override
    public Decision refused(ErrorCode other, String reason) {
        return refused(false, other, reason);
    }

    private Decision refused(boolean known, ErrorCode why, String reason) {
        return known && task != null && run != null && token != null
                ? Decision.of(new RegistryEvent.AdapterRejected(task, run, token, why, reason))
                : Decision.rejected(why, reason, task, run);
    }
}
