package io.tessellate.ingest.attempt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tessellate.error.ErrorCode;

/**
 * Numbers of this process. They count work done, so that a record that is processed again after a crash counts again; what
 * holds per task stands in the events.
 *
 * <pre>
 * tessellate.ingest.records.read = records.accepted + records.dead.lettered (all codes) + records.duplicates
 * tessellate.ingest.records.deferred &lt;= records.read, once nothing waits: a deferred record is read later
 * tessellate.ingest.datasets.closed: one for each dataset that became ready
 * tessellate.ingest.datasets.rejected: one for each refused dataset and each refused manifest
 * </pre>
 */
public final class IngestMetrics {
    private static final String PREFIX = "tessellate.ingest.";

    private final MeterRegistry meters;
    private final Counter read;
    private final Counter accepted;
    private final Counter duplicates;
    private final Counter deferred;

    public IngestMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.read = meters.counter(PREFIX + "records.read");
        this.accepted = meters.counter(PREFIX + "records.accepted");
        this.duplicates = meters.counter(PREFIX + "records.duplicates");
        this.deferred = meters.counter(PREFIX + "records.deferred");
    }

    void accepted() {
        read.increment();
        accepted.increment();
    }

    void duplicate() {
        read.increment();
        duplicates.increment();
    }

    void deadLettered(ErrorCode code) {
        read.increment();
        meters.counter(PREFIX + "records.dead.lettered", "code", code.name()).increment();
    }

    void deferred() {
        deferred.increment();
    }

    void closed() {
        meters.counter(PREFIX + "datasets.closed").increment();
    }

    void rejected(ErrorCode code) {
        meters.counter(PREFIX + "datasets.rejected", "code", code.name()).increment();
    }
}
