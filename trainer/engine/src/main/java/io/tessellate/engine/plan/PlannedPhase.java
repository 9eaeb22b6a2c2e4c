package io.tessellate.engine.plan;

/** The parts of a run between which its memory changes, in their order. */
public enum PlannedPhase {
    /** Earlier tasks' views are asked what they say, before anything is trained. */
    TEACH("views are asked"),
    /** What earlier tasks need is found out, to leave it alone. */
    AVOID("what to avoid is sought"),
    /** A mask is looked for by trial or by scores. */
    SEARCH("the mask is sought"),
    /** All free weights are trained towards the mask. */
    TRANSFORM("transformation"),
    /** What earlier tasks need is found out, for a penalty. */
    CONSOLIDATE("what to hold is sought"),
    /** The task's own weights are trained. */
    TRAIN("training"),
    /** Another mask is looked for in the middle of the training. */
    REFRESH("the mask is chosen anew"),
    /** What was trained becomes an adapter. */
    KEEP("the adapter is made"),
    /** Examples go through a version that was trained; no part of a run. */
    SCORE("examples are scored");

    private final String label;

    PlannedPhase(String label) {
        this.label = label;
    }

    /** In words. */
    public String label() {
        return label;
    }
}
