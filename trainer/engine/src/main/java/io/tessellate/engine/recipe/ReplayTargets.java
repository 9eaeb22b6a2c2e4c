package io.tessellate.engine.recipe;

/** What a replayed example is held against. */
public enum ReplayTargets {
    /** Its label. */
    LABELS,
    /** What the earlier task's own view says about it, through its frozen head. */
    LOGITS
}
