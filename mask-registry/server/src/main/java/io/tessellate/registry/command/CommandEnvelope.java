package io.tessellate.registry.command;

import io.tessellate.id.ModelName;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A command with its addressee.
 *
 * @param model model it is about
 * @param commandId identity of the command, answered once; null for what is reported and not asked
 * @param command the command
 * @param report the event that reports it, kept where it has to wait; null for what is asked
 */
public record CommandEnvelope(
        ModelName model,
        @Nullable String commandId,
        RegistryCommand command,
        @Nullable SpecificRecord report) {
    /** A command that is asked and answered. */
    static CommandEnvelope asked(ModelName model, String commandId, RegistryCommand command) {
        return new CommandEnvelope(model, commandId, command, null);
    }

    /** A command that is reported by an event of another topic. */
    static CommandEnvelope reported(ModelName model, SpecificRecord report, RegistryCommand command) {
        return new CommandEnvelope(model, null, command, report);
    }

    /** Whether this very command was answered before. */
    public boolean isAnswered(RegistryState state) {
        return commandId != null && state.answered(commandId);
    }
}
