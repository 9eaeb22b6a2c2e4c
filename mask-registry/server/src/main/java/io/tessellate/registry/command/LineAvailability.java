package io.tessellate.registry.command;

import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.Reservation;
import io.tessellate.mask.Mask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.Availability;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.ledger.OwnershipLedger;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What of a registered model is taken, seen by one run of one task: from the log, and from the committed adapters. */
record LineAvailability(ModelLine line, OwnershipLedger ledger, TaskName task, RunId run) implements Availability {
    @Override
    public Sha256 base() {
        return line.baseDigest();
    }

    @Override
    public long free() {
        return line.free();
    }

    @Override
    public Mask owned() {
        return ledger.owned(line);
    }

    @Override
    public QuasiCyclicLift lift(ExpanderClass of) {
        return ledger.lift(line.space(), of);
    }

    @Override
    public Optional<ExpanderClass> held() {
        return line.reservation(task)
                .filter(reservation -> reservation.run().equals(run))
                .map(Reservation::lift);
    }

    @Override
    public Set<ExpanderClass> reserved() {
        return line.reservations().stream()
                .filter(reservation -> !reservation.task().task().equals(task))
                .map(Reservation::lift)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /** With shared ownership the classes are given out in turn. */
    @Override
    public Optional<ExpanderClass> again(ClassPartition partition) {
        return line.ownership() == Ownership.SHARED
                ? Optional.of(partition.at(line.currentVersion() % partition.classes()))
                : Optional.empty();
    }
}
