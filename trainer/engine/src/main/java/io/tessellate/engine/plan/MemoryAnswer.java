package io.tessellate.engine.plan;

import java.util.Optional;

/**
 * What a training that somebody thinks of comes to.
 *
 * @param question what was asked
 * @param backend name of the backend
 * @param limits what it was held against
 * @param plan as it would be run: in the largest micro batch that fits, where the batch does not and the recipe leaves it open
 * @param largestMicroBatch of the recipe's batch, the most examples that may go through the model at once; 0: none
 * @param largestBatch the largest that fits at once; 0: none
 */
public record MemoryAnswer(
        MemoryQuestion question,
        String backend,
        MemoryLimits limits,
        MemoryPlan plan,
        int largestMicroBatch,
        int largestBatch) {
    /** What it takes more of than there is; empty if it fits. */
    public Optional<String> lack() {
        return limits.lack(plan);
    }
}
