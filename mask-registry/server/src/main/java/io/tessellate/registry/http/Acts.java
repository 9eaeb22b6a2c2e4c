package io.tessellate.registry.http;

import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;

/**
 * What a person may do to a model. Each asks the registry, waits for its answer and returns the model as it is then, or throws what
 * the registry refuses it for.
 */
public interface Acts {
    /** Lets a parked model go on. */
    ModelLine resume(ModelName model, Author author);

    /** Makes a later version champion. */
    ModelLine promote(ModelName model, int version, boolean force, Author author);

    /** Makes an earlier version champion again. */
    ModelLine rollBack(ModelName model, int version, boolean force, Author author);

    /** Takes a task's adapter out of the versions to come. */
    ModelLine drop(TaskId task, Author author);

    /** Ends a run before it is committed. */
    ModelLine cancel(TaskId task, RunId run, Author author);
}
