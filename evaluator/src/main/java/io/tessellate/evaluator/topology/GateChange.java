package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.lineage.log.RegistryEvent;
import java.util.Optional;

/** What an event lets the versions of its model be held against, if it sets that. */
final class GateChange implements RegistryEvent.Visitor<Optional<Gate>> {
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
    public Optional<Gate> visit(RegistryEvent.VersionComposed event) {
        return Optional.empty();
    }

    @Override
    public Optional<Gate> visit(RegistryEvent.ParentChanged event) {
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
}
