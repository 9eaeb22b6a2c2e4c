package io.tessellate.evaluator.alert;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Alerts in numbers: how many were raised, by kind and severity, and how many nobody looks after yet. */
public final class AlertMeters {
    private AlertMeters() {}

    /** Shows the numbers of a book. */
    public static void of(AlertBook book, MeterRegistry meters) {
        for (AlertKind kind : AlertKind.values()) {
            for (boolean critical : new boolean[] {true, false}) {
                FunctionCounter.builder("tessellate.alerts.raised", book, known -> known.raised(kind, critical))
                        .description("alerts raised, as far back as they are kept")
                        .tag("kind", kind.label())
                        .tag("severity", critical ? "critical" : "warning")
                        .register(meters);
            }
        }
        Gauge.builder("tessellate.alerts.open", book, AlertBook::open)
                .description("critical alerts among the newest that nobody has acknowledged")
                .register(meters);
    }
}
