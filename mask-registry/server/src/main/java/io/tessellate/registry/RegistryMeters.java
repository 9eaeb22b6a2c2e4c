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
 * versions + rejections + open reservations &lt;= tokens given out.
 */
final class RegistryMeters {
    private final MeterRegistry meters;
    private final Set<ModelName> known = new HashSet<>();

    RegistryMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counts an event that the fold has applied. */
    void seen(LoggedEvent entry, Lineage lineage) {
        entry.event().accept(new Refusals(entry.model()));
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

    /** Counts what an event refuses; whether it refuses anything. */
    private final class Refusals implements RegistryEventVisitor<Boolean> {
        private final ModelName model;

        Refusals(ModelName model) {
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
            return false;
        }

        @Override
        public Boolean visit(Intervention.VersionComposed event) {
            return false;
        }

        @Override
        public Boolean visit(Intervention.ParentChanged event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.AdapterRejected event) {
            refused(model, "adapter", event.code());
            return true;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPromoted event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionPassed event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.VersionQuarantined event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelParked event) {
            return false;
        }

        @Override
        public Boolean visit(RegistryEvent.ModelResumed event) {
            return false;
        }

        @Override
        public Boolean visit(Intervention.VersionRolledBack event) {
            return false;
        }

        @Override
        public Boolean visit(Intervention.TaskCancelled event) {
            return false;
        }
    }
}
