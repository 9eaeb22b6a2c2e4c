package io.tessellate.engine.train;

/** What a replayed example is held against. */
public enum ReplayTargets {
    /** Its label. */
    LABELS,
    /** What the parent version's union view says about it through the earlier task's frozen head. */
    LOGITS
}
