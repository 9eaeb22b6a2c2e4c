package io.tessellate.registry.command;

import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.List;

/**
 * What requirements are checked against: the model as it stands, and the adapter that asks to be committed.
 *
 * @param line the model
 * @param reservation the newest reservation of the adapter's task
 * @param adapter the adapter
 * @param mask the eligible weights it sets
 * @param ledger what is owned
 */
record ProposedCommit(ModelLine line, Reservation reservation, Adapter adapter, Mask mask, OwnershipLedger ledger) {
    Mask owned() {
        return ledger.owned(line);
    }

    Mask reservedMask() {
        return reservation.lift() == null ? Mask.all(line.space()) : ledger.mask(line.space(), reservation.lift());
    }

    List<CertifiedTask> certificate() {
        return ledger.certify(line, adapter);
    }
}
