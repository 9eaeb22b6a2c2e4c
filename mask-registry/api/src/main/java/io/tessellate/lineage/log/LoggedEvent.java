package io.tessellate.lineage.log;

import io.tessellate.id.ModelName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event with its place in the registry's log.
 *
 * @param model the model
 * @param sequence number of the event within the model, from 1, without gaps
 * @param commandId command this answers, if any
 * @param at when it was decided
 * @param event what happened
 */
public record LoggedEvent(
        ModelName model, long sequence, @Nullable String commandId, Instant at, RegistryEvent event) {
    public LoggedEvent {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence of an event of " + model + " starts at 1: " + sequence);
        }
    }
}
