package io.tessellate.evaluator.scoring;

import io.tessellate.lineage.CommittedVersion;
import java.util.List;
import java.util.Locale;

/**
 * Which task views of earlier tasks are scored at a new version. Their weights are the bytes they were committed with, which is proven by
 * digests in every mode; scoring them again shows that the same bytes still compute the same.
 */
public enum TaskViewMode {
    /** Every one. */
    ALWAYS,
    /** One at every version, in turn. */
    SAMPLED,
    /** None. */
    DIGESTS;

    /** As files and people call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a task is scored.
     *
     * @param version the version's number, on which alone the turn depends: whoever scores a version again scores the same tasks
     * @param earlier the earlier tasks that it holds
     */
    boolean scores(int version, List<CommittedVersion> earlier, CommittedVersion commit) {
        return switch (this) {
            case ALWAYS -> true;
            case SAMPLED -> earlier.indexOf(commit) == version % earlier.size();
            case DIGESTS -> false;
        };
    }
}
