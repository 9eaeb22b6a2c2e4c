package io.tessellate.pipeline.check;

import io.tessellate.error.TessellateException;
import io.tessellate.lineage.log.RegistryEvent.AdapterCommitted;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.pipeline.check.topic.Placed;
import io.tessellate.runtime.blob.BlobStore;
import java.util.Optional;

/**
 * A version as the registry's log has it.
 *
 * @param model the model
 * @param event the commit, with its place
 */
record Commit(String model, Placed<AdapterCommitted> event) {
    String task() {
        return event.value().task().value();
    }

    int version() {
        return event.value().version();
    }

    String run() {
        return event.value().run().value();
    }

    String adapter() {
        return event.value().adapter().sha256().hex();
    }

    Breach breach(String what) {
        return Breach.of(model, what).task(task()).version(version()).at(event);
    }

    /** The adapter as it lies in the blob store; nothing, which is put down as open, where its bytes cannot be had. */
    Optional<Adapter> load(BlobStore blobs, Findings findings) {
        try {
            return Optional.of(read(blobs));
        } catch (TessellateException e) {
            findings.open(
                    "%s/%s version %d cannot be looked at: %s".formatted(model, task(), version(), e.getMessage()));
            return Optional.empty();
        }
    }

    Adapter read(BlobStore blobs) {
        return AdapterFile.open(blobs.fetch(event.value().adapter().sha256()));
    }

    /** Where a blob lies in its store. */
    static String path(String sha256) {
        return sha256.substring(0, 2) + "/" + sha256.substring(2);
    }
}
