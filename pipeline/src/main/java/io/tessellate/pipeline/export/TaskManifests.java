package io.tessellate.pipeline.export;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.Optional;

/** Where the manifests of trained tasks are found. */
@FunctionalInterface
public interface TaskManifests {
    /** The manifest of a dataset by its content, if it is known. */
    Optional<Manifest> find(TaskId task, Sha256 dataset);
}
