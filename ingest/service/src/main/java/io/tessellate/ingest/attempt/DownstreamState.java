package io.tessellate.ingest.attempt;

import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.mask.grant.GrantRule;
import java.util.Optional;

/** What others have made of closed datasets, and the models there are. */
public interface DownstreamState {
    /** Whether a run has ended without a version, or is of a dataset that was called a duplicate of such a one's. */
    boolean failed(TaskId task, RunId run);

    /** What can be had of a model; empty while it is not registered. */
    Optional<GrantRule> terms(ModelName model);
}
