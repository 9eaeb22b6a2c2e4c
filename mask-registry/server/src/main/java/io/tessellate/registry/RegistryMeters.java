package io.tessellate.registry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Intervention;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.RegistryEventVisitor;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The registry's numbers, read from its committed log: for every model eligible = owned + free, and
 * versions + rejections + open reservations &lt;= tokens given out; and what was done to its versions and tasks.
 */
final class RegistryMeters {
    private final MeterRegistry meters;
    private final Set<ModelName> known = new HashSet<>();

    RegistryMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counts an event that the fold has applied. */
    void seen(LoggedEvent entry, Lineage lineage) {
        entry.event().accept(new Counting(entry.model()));
        if (lineage.model(entry.model()).isPresent() && known.add(entry.model())) {
            gauge(lineage, entry.model(), "tessellate.registry.version", ModelLine::currentVersion);
            gauge(
                    lineage,
                    entry.model(),
                    "tessellate.registry.champion",
                    line -> line.champion().orElse(0));
            gauge(
                    lineage,
                    entry.model(),
                    "tessellate.registry.weights.eligible",
                    line -> line.space().size());
            gauge(lineage, entry.model(), "tessellate.registry.weights.owned", ModelLine::owned);
            gauge(lineage, entry.model(), "tessellate.registry.weights.free", ModelLine::free);
            gauge(
                    lineage,
                    entry.model(),
                    "tessellate.registry.reservations",
                    line -> line.reservations().size());
            gauge(lineage, entry.model(), "tessellate.registry.tokens", ModelLine::lastToken);
            gauge(
                    lineage,
                    entry.model(),
                    "tessellate.registry.parked",
                    line -> line.parked().isPresent() ? 1 : 0);
        }
    }

    private void refused(ModelName model, String what, ErrorCode code) {
        meters.counter("tessellate.registry.refusals", "model", model.value(), "what", what, "code", code.name())
                .increment();
    }

    private void gauge(Lineage lineage, ModelName model, String name, ToDoubleFunction<ModelLine> value) {
        Gauge.builder(
                        name,
                        lineage,
                        all -> all.model(model).map(value::applyAsDouble).orElse(0.0))
                .tag("model", model.value())
                .register(meters);
    }

    private Boolean act(ModelName model, String act) {
        meters.counter("tessellate.registry.acts", "model", model.value(), "act", act)
                .increment();
        return true;
    }

    /** Counts what an event refuses, or what it does to a model's versions and tasks; whether it does either. */
    private final class Counting implements RegistryEventVisitor<Boolean> {
        private final ModelName model;

        Counting(ModelName model) {
            this.model = model;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelRegistered event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.CommandRejected event) {
            refused(model, "command", event.code());
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.MaskReserved event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.ReservationReleased event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.AdapterCommitted event) {
            return act(model, "committed");
        }

        @Override
        public Boolean visit(Intervention.VersionComposed event) {
            return act(model, "dropped");
        }

        @Override
        public Boolean visit(Intervention.ParentChanged event) {
            return event.cause() == Intervention.ParentChanged.Cause.DROP && act(model, "dropped");
        }

        @Override
        public Boolean visit(RegistryEvent.AdapterRejected event) {
            refused(model, "adapter", event.code());
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPromoted event) {
            return act(model, "promoted");
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPassed event) {
            return act(model, "passed");
        }

        @Override
        public Boolean visit(RegistryEvent.VersionQuarantined event) {
            return act(model, "quarantined");
        }

        @Override
        public Boolean visit(RegistryEvent.ModelParked event) {
            return act(model, "parked");
        }

        @Override
        public Boolean visit(RegistryEvent.ModelResumed event) {
            return act(model, "resumed");
        }

        @Override
        public Boolean visit(Intervention.VersionRolledBack event) {
            return act(model, "rolled_back");
        }

        @Override
        public Boolean visit(Intervention.TaskCancelled event) {
            return act(model, "cancelled");
        }
    }
}
