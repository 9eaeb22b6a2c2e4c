package io.tessellate.engine.method;

import io.tessellate.mask.Mask;

/**
 * Which weights a task may choose from.
 *
 * @param targeted weights that the recipe targets, whoever owns them
 * @param owned weights that earlier tasks own and keep
 * @param avoided weights left out because they matter to earlier tasks
 * @param touched weights that this task has trained already, under an earlier mask
 */
public record CandidateWeights(Mask targeted, Mask owned, Mask avoided, Mask touched) {
    /** All targeted weights, before a task has begun. */
    public static CandidateWeights of(Mask targeted, Mask owned) {
        Mask none = Mask.none(owned.space());
        return new CandidateWeights(targeted, owned, none, none);
    }

    /** Targeted weights that no other task owns. */
    public Mask free() {
        return any().minus(owned);
    }

    /** Targeted weights, whoever owns them. */
    public Mask any() {
        return targeted.minus(avoided);
    }

    CandidateWeights avoiding(Mask weights) {
        return new CandidateWeights(targeted, owned, weights, touched);
    }

    CandidateWeights touching(Mask weights) {
        return new CandidateWeights(targeted, owned, avoided, touched.union(weights));
    }
}
