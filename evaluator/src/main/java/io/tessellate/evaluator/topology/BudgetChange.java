package io.tessellate.evaluator.topology;

import io.tessellate.lineage.log.RegistryEvent;
import java.util.OptionalDouble;

/** The forgetting budget that an event sets, if it sets one. */
final class BudgetChange implements RegistryEvent.Visitor<OptionalDouble> {
    @Override
    public OptionalDouble visit(RegistryEvent.ModelRegistered event) {
        return OptionalDouble.of(event.forgettingBudget());
    }

    @Override
    public OptionalDouble visit(RegistryEvent.CommandRejected event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.MaskReserved event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.ReservationReleased event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.AdapterCommitted event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.VersionComposed event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.ParentChanged event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.AdapterRejected event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.VersionPromoted event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.VersionQuarantined event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.ModelParked event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(RegistryEvent.ModelResumed event) {
        return OptionalDouble.empty();
    }
}
