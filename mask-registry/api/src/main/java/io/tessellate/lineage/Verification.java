package io.tessellate.lineage;

import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.util.List;

/**
 * What came of checking a version against its certificates.
 *
 * @param model the model
 * @param version the version
 * @param baseOk whether the base's weight file is the registered one
 * @param tasks one entry for every task of the version
 */
public record Verification(ModelName model, int version, boolean baseOk, List<VerifiedTask> tasks) {
    public Verification {
        tasks = List.copyOf(tasks);
    }

    /** Whether everything is as it was certified. */
    public boolean ok() {
        return baseOk && tasks.stream().allMatch(VerifiedTask::ok);
    }

    /**
     * One task's weights.
     *
     * @param task the task
     * @param sha256 digest recomputed from the version's files
     * @param ok whether it is what this version, and the one the task was committed as, vouch for
     */
    public record VerifiedTask(TaskName task, Sha256 sha256, boolean ok) {}
}
