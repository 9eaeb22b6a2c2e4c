package io.tessellate.lineage;

import java.util.OptionalInt;

/**
 * What a run asks the registry to reserve.
 *
 * @param method method of the recipe
 * @param density share of the eligible weights
 * @param exhaustion what to do when fewer are free
 * @param sharedMask expander masks: one mask for all tensors of one shape
 * @param parallelFrom of a task that is trained beside others, the version they all train on; empty: trained by itself, on
 *     the newest
 */
public record MaskWish(
        String method, double density, Exhaustion exhaustion, boolean sharedMask, OptionalInt parallelFrom) {
    /** A mask of its own for every tensor, trained by itself. */
    public static MaskWish of(String method, double density, Exhaustion exhaustion) {
        return new MaskWish(method, density, exhaustion, false, OptionalInt.empty());
    }
}
