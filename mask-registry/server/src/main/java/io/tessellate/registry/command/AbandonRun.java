package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reports that a run ended without an adapter; the reservation it held, if any, is free again. A run that met a damaged file
 * makes the registry look at all of the model's.
 *
 * @param code row of the error table it ended with
 */
record AbandonRun(TaskName task, RunId run, long token, String code, String reason) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        Optional<ModelLine> line = state.line();
        if (line.isEmpty()) {
            return Decision.nothing();
        }
        List<RegistryEvent> events = new ArrayList<>();
        line.get()
                .reservation(task)
                .filter(held -> held.token() == token && held.run().equals(run))
                .ifPresent(held -> events.add(new RegistryEvent.ReservationReleased(task, token, reason)));
        if (ErrorCode.BLOB_DAMAGED.name().equals(code) && state.parked().isEmpty()) {
            ledger.damage(line.get()).ifPresent(events::add);
        }
        return new Decision(events);
    }

    @Override
    public Decision refused(ErrorCode other, String message) {
        return Decision.rejected(other, message, task, run);
    }
}
