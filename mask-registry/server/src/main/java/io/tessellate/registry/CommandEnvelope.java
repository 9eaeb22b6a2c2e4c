package io.tessellate.registry;

import io.tessellate.id.ModelName;
import org.jspecify.annotations.Nullable;

/**
 * A command with its addressee.
 *
 * @param model model it is about
 * @param commandId identity of the command, answered once; null for what is reported and not asked
 * @param command the command
 */
record CommandEnvelope(ModelName model, @Nullable String commandId, RegistryCommand command) {
    /** Decides, unless this very command was answered before. */
    Decision decide(RegistryState state, OwnershipLedger ledger) {
        if (commandId != null && state.answered(commandId)) {
            return Decision.nothing();
        }
        return command.decide(state, ledger);
    }
}
