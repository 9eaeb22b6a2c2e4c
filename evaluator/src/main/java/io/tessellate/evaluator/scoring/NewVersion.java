package io.tessellate.evaluator.scoring;

import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEvent.AdapterCommitted;
import java.util.Optional;

/** The commit that an event is, if it makes a version that is to be scored. */
final class NewVersion implements RegistryEvent.Visitor<Optional<AdapterCommitted>> {
    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.ModelRegistered event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.CommandRejected event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.MaskReserved event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.ReservationReleased event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.AdapterCommitted event) {
        return Optional.of(event);
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.AdapterRejected event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.VersionPromoted event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.VersionPassed event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.VersionQuarantined event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.ModelParked event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(RegistryEvent.ModelResumed event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(Intervention.VersionRolledBack event) {
        return Optional.empty();
    }

    @Override
    public Optional<AdapterCommitted> visit(Intervention.TaskCancelled event) {
        return Optional.empty();
    }
}
