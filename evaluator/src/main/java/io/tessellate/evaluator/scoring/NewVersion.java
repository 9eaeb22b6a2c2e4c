package io.tessellate.evaluator.scoring;

import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventVisitor;
import java.util.OptionalInt;

/** The version that an event makes, if it makes one: it is to be scored. */
final class NewVersion implements RegistryEventVisitor<OptionalInt> {
    @Override
    public OptionalInt visit(RegistryEvent.ModelRegistered event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.CommandRejected event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.MaskReserved event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.ReservationReleased event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.AdapterCommitted event) {
        return OptionalInt.of(event.version());
    }

    @Override
    public OptionalInt visit(Intervention.VersionComposed event) {
        return OptionalInt.of(event.version());
    }

    @Override
    public OptionalInt visit(Intervention.ParentChanged event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.AdapterRejected event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.VersionPassed event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.VersionPromoted event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.VersionQuarantined event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.ModelParked event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(RegistryEvent.ModelResumed event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(Intervention.VersionRolledBack event) {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt visit(Intervention.TaskCancelled event) {
        return OptionalInt.empty();
    }
}
