package io.tessellate.evaluator.analysis;

import java.util.List;

/**
 * A step by which many adapters became fewer: the half whose differences, undone together, give back more is looked into.
 *
 * @param kept versions that brought the adapters of that half
 * @param regained what the union score gains when all of them are undone
 * @param leftOut versions of the other half, none of which is scored by itself
 * @param regainedOtherwise what the union score gains when all of those are undone
 */
public record Narrowing(List<Integer> kept, double regained, List<Integer> leftOut, double regainedOtherwise) {
    public Narrowing {
        kept = List.copyOf(kept);
        leftOut = List.copyOf(leftOut);
    }
}
