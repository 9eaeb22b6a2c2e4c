package io.tessellate.registry.command;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.Optional;

/** Gives a reservation back without a commit. */
record ReleaseReservation(TaskName task, long token, String reason) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        Optional<ModelLine> line = state.line();
        if (line.isEmpty()) {
            return Decision.rejected(
                    ErrorCode.UNKNOWN_MODEL, "model %s is not registered".formatted(state.model()), task, null);
        }
        boolean open = line.get()
                .reservation(task)
                .filter(reservation -> reservation.token() == token)
                .isPresent();
        if (!open) {
            return Decision.rejected(
                    ErrorCode.FENCED,
                    "task %s has no open reservation with token %d".formatted(task, token),
                    task,
                    null);
        }
        return Decision.of(new RegistryEvent.ReservationReleased(task, token, reason));
    }

    @Override
    public Decision refused(ErrorCode code, String message) {
        return Decision.rejected(code, message, task, null);
    }
}
