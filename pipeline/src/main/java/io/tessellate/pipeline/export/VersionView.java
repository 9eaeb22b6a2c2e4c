package io.tessellate.pipeline.export;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.Holding;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A view of a model's version.
 *
 * @param version number of the version; 0 is the base
 * @param task whose head goes with it; null for no task in particular, and then it is the union view
 * @param union whether all adapters of the version are applied, or those of the task's own view
 */
public record VersionView(
        ModelLine line, int version, @Nullable TaskName task, boolean union) {
    /** The view of a task, or the union view without one. */
    public VersionView(ModelLine line, int version, @Nullable TaskName task) {
        this(line, version, task, task == null);
    }

    /** The adapters that make it, in the order of their commit; INVALID_ARGUMENT if the version has no such task. */
    List<Adapter> adapters(BlobStore blobs) {
        return holding().files().stream()
                .map(file -> AdapterFile.open(blobs.fetch(file.sha256())))
                .toList();
    }

    /** Which adapters make it; INVALID_ARGUMENT if the version has no such task. */
    Holding holding() {
        Holding held = line.holding(version);
        return subject().map(commit -> union ? held : line.taskView(commit)).orElse(held);
    }

    /** The commit of its task; empty where no task is meant. */
    Optional<CommittedVersion> subject() {
        if (task == null) {
            return Optional.empty();
        }
        Holding held = line.holding(version);
        return Optional.of(held.of(task)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "version %d of %s has no task %s; it has %s"
                                .formatted(version, line.name(), task, held.taskNames()))));
    }

    /** In words, for those who read files of it. */
    String title() {
        String applied = union ? "union view" : "task view";
        return task == null
                ? "%s, version %d, %s".formatted(line.name(), version, applied)
                : "%s/%s, version %d, %s".formatted(line.name(), task, version, applied);
    }
}
