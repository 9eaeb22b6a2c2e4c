package io.tessellate.evaluator.topology;

import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventVisitor;
import java.util.OptionalDouble;

/** The forgetting budget that an event sets, if it sets one. */
final class BudgetChange implements RegistryEventVisitor<OptionalDouble> {
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
    public OptionalDouble visit(Intervention.VersionComposed event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(Intervention.ParentChanged event) {
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
    public OptionalDouble visit(RegistryEvent.VersionPassed event) {
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

    @Override
    public OptionalDouble visit(Intervention.VersionRolledBack event) {
        return OptionalDouble.empty();
    }

    @Override
    public OptionalDouble visit(Intervention.TaskCancelled event) {
        return OptionalDouble.empty();
    }
}
