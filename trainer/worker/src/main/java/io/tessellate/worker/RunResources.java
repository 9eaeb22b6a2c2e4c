package io.tessellate.worker;

import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.work.Turns;
import java.time.Clock;

/**
 * What every run of a worker shares.
 *
 * @param turns with the engine, which one run at a time works with
 */
record RunResources(
        WorkerSettings settings,
        MaskRegistry registry,
        TrainingEngine engine,
        Turns turns,
        BlobStore blobs,
        TrainingLog log,
        Clock clock) {}
