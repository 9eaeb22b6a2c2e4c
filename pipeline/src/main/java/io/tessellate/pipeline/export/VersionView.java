package io.tessellate.pipeline.export;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view of a model's version.
 *
 * @param version number of the version; 0 is the base
 * @param task whose view is meant; null for the union view
 */
public record VersionView(
        ModelLine line, int version, @Nullable TaskName task) {
    /** The adapters that make it, in the order of their commit; INVALID_ARGUMENT if the version has no such task. */
    List<Adapter> adapters(BlobStore blobs) {
        return holding().files().stream()
                .map(file -> AdapterFile.open(blobs.fetch(file.sha256())))
                .toList();
    }

    private Holding holding() {
        Holding held = line.holding(version);
        if (task == null) {
            return held;
        }
        return held.of(task)
                .map(line::taskView)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "version %d of %s has no task %s; it has %s"
                                .formatted(version, line.name(), task, held.taskNames())));
    }
}
