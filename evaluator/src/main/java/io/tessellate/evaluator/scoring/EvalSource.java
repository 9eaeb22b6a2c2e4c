package io.tessellate.evaluator.scoring;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.lineage.CommittedVersion;

/** Where the examples come from that a task is measured on. */
@FunctionalInterface
interface EvalSource {
    /** The eval split of the task that a version brought, encoded for its base. */
    EvalSet of(BaseModel base, CommittedVersion version);
}
