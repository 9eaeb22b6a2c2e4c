package io.tessellate.registry.command;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.mask.Mask;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses a task's class of a partition of a model's weights: one without an owned weight that no other task holds. */
final class ClassAllocation {
    private final ModelLine line;
    private final OwnershipLedger ledger;
    private final ClassPartition partition;
    private final Mask owned;

    ClassAllocation(ModelLine line, OwnershipLedger ledger, ClassPartition partition) {
        this.line = line;
        this.ledger = ledger;
        this.partition = partition;
        this.owned = ledger.owned(line);
    }

    /** The class the run holds already if it is still free, else the lowest that is free; empty if none is. */
    Optional<ExpanderClass> choose(TaskName task, RunId run) {
        Optional<ExpanderClass> held = line.reservation(task)
                .filter(reservation -> reservation.run().equals(run))
                .map(Reservation::lift)
                .filter(partition::holds)
                .filter(this::isUnowned);
        if (held.isPresent()) {
            return held;
        }
        Optional<ExpanderClass> free = partition.lowestFree(reservedByOthers(task), this::isUnowned);
        return free.isEmpty() && line.ownership() == Ownership.SHARED
                ? Optional.of(partition.at(line.currentVersion() % partition.classes()))
                : free;
    }

    private boolean isUnowned(ExpanderClass lift) {
        return !ledger.mask(line.space(), lift).intersects(owned);
    }

    private Set<ExpanderClass> reservedByOthers(TaskName task) {
        return line.reservations().stream()
                .filter(reservation -> !reservation.task().task().equals(task))
                .map(Reservation::lift)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
