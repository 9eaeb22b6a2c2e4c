package io.tessellate.engine.method;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Exhaustion;
import io.tessellate.mask.grant.Grant;

/**
 * What a method chooses from.
 *
 * @param weights which weights
 * @param size how many
 * @param grant what the registry reserved
 */
public record PlanRequest(CandidateWeights weights, MaskSize size, Grant grant) {
    /** All eligible weights. */
    public ParameterSpace space() {
        return weights.targeted().space();
    }

    /** Share of the targeted weights in each mask. */
    public double density() {
        return size.density();
    }

    /** Weights that earlier tasks own and keep. */
    public Mask owned() {
        return weights.owned();
    }

    /** Targeted weights without an owner. */
    public Mask free() {
        return weights.free();
    }

    /** Targeted weights, whoever owns them. */
    public Mask any() {
        return weights.any();
    }

    /** How many of the candidates to choose: exactly the density's share of the targeted weights, as far as granted. */
    public long count(Mask candidates) {
        long each = wanted(size.density());
        if (each == 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_RECIPE,
                    "density %s of %d weights leaves none"
                            .formatted(size.density(), weights.targeted().cardinality()));
        }
        long wanted = inAll(weights.targeted(), size.density(), size.refreshes());
        long available = Math.min(candidates.cardinality(), grant.budget());
        if (wanted <= available) {
            return each;
        }
        if (size.exhaustion() != Exhaustion.SHRINK || available == 0) {
            throw new TessellateException(
                    ErrorCode.CAPACITY,
                    "density %s asks for %d weights but only %d may be chosen"
                            .formatted(size.density(), wanted, available));
        }
        return Math.min(each, available);
    }

    /** The choice of that many. */
    public Selection selection(Mask candidates) {
        return new Selection(candidates, count(candidates), this);
    }

    /** The choice of a first ticket, which the mask will be part of. */
    public Selection ticket(Mask candidates) {
        long count = Math.min(candidates.cardinality(), wanted(size.ticketDensity()));
        return new Selection(candidates, Math.max(count, count(candidates)), this);
    }

    /** How many of the candidates must stay where a share of them is to be left out. */
    public Selection sparing(Mask candidates, double share) {
        long need = Math.min(candidates.cardinality(), inAll(weights.targeted(), size.density(), size.refreshes()));
        return new Selection(candidates, Math.max(need, without(candidates, share)), this);
    }

    /** How many weights of a mask stay where a share of them is to be left out and no others can take their place. */
    public Selection remainder(Mask mask, double share) {
        return new Selection(mask, without(mask, share), this);
    }

    private static long without(Mask weights, double share) {
        return weights.cardinality() - (long) Math.floor(share * weights.cardinality());
    }

    private long wanted(double density) {
        return wanted(weights.targeted(), density);
    }

    /** The number of weights that a density of some weights stands for. */
    public static long wanted(Mask targeted, double density) {
        return (long) Math.floor(density * targeted.cardinality());
    }

    /** The most weights that masks of a density own together when one follows another so many times. */
    public static long inAll(Mask targeted, double density, int refreshes) {
        return Math.min(targeted.cardinality(), wanted(targeted, density) * (1L + refreshes));
    }

    /** The same without some weights that matter to earlier tasks. */
    public PlanRequest avoiding(Mask harmful) {
        return new PlanRequest(weights.avoiding(harmful), size, grant);
    }

    /** The same after the task has trained some weights. */
    public PlanRequest touching(Mask trained) {
        return new PlanRequest(weights.touching(trained), size, grant);
    }
}
