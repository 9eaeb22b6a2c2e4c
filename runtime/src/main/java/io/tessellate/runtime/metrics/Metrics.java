package io.tessellate.runtime.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.kafka.streams.KafkaStreams;

/** The one meter registry of a process. Meters are named {@code tessellate.<what>} and carry base units. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    /** A registry that already knows the JVM. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
    }

    /** Where counters, gauges and timers are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /** All numbers in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    /** Shows a Streams application's numbers until the result is closed. */
    public AutoCloseable bind(KafkaStreams streams, String service) {
        KafkaStreamsMetrics meters = new KafkaStreamsMetrics(streams, Tags.of("service", service));
        meters.bindTo(registry);
        return meters;
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
