package io.tessellate.registry;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.RegistryEvent;

/** Reports that a run ended without an adapter; the reservation it held, if any, is free again. */
record AbandonRun(TaskName task, RunId run, long token, String reason) implements RegistryCommand {
    @Override
    public Decision decide(RegistryState state, OwnershipLedger ledger) {
        return state.line()
                .flatMap(line -> line.reservation(task))
                .filter(reservation ->
                        reservation.token() == token && reservation.run().equals(run))
                .map(reservation -> Decision.of(new RegistryEvent.ReservationReleased(task, token, reason)))
                .orElseGet(Decision::nothing);
    }
}
