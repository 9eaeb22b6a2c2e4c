package io.tessellate.evaluator.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tessellate.evaluator.alert.Delivery;
import java.util.concurrent.atomic.AtomicInteger;

/** The sending to one endpoint in numbers: what ended how, what failed and is tried again, what waits. */
final class DeliveryMeters {
    private final MeterRegistry meters;
    private final String endpoint;
    private final Counter failed;
    private final AtomicInteger waiting = new AtomicInteger();

    DeliveryMeters(MeterRegistry meters, String endpoint) {
        this.meters = meters;
        this.endpoint = endpoint;
        for (Delivery.Outcome outcome : Delivery.Outcome.values()) {
            ended(outcome, 0);
        }
        this.failed = Counter.builder("tessellate.alerts.attempts.failed")
                .description("attempts to deliver an alert that failed")
                .tag("endpoint", endpoint)
                .register(meters);
        Gauge.builder("tessellate.alerts.waiting", waiting, AtomicInteger::get)
                .description("alerts on their way to an endpoint")
                .tag("endpoint", endpoint)
                .strongReference(true)
                .register(meters);
    }

    void ended(Delivery.Outcome outcome, int more) {
        Counter.builder("tessellate.alerts.sent")
                .description("alerts whose sending has ended")
                .tag("endpoint", endpoint)
                .tag("outcome", outcome.label().replace(' ', '_'))
                .register(meters)
                .increment(more);
    }

    void failed() {
        failed.increment();
    }

    void waiting(int now) {
        waiting.set(now);
    }
}
