package io.tessellate.mask;

/** How much each eligible weight matters; higher is kept. */
@FunctionalInterface
public interface Scores {
    /** Score of the weight at a flat index of a tensor, given by its ordinal. Asked several times, must not change. */
    float at(int tensor, int index);
}
