package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventVisitor;
import java.util.Optional;

/** What an event lets the versions of its model be held against, if it sets that. */
final class GateChange implements RegistryEventVisitor<Optional<Gate>> {
    @Override
    public Optional<Gate> visit(RegistryEvent.ModelRegistered event) {
        return Optional.of(Gate.of(event));
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.CommandRejected event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.MaskReserved event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.ReservationReleased event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.AdapterCommitted event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(Intervention.VersionComposed event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(Intervention.ParentChanged event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.AdapterRejected event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.VersionPromoted event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.VersionQuarantined event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.ModelParked event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.ModelResumed event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.VersionPassed event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(Intervention.VersionRolledBack event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(Intervention.TaskCancelled event) {
        return Optional.empty();
    }
}
