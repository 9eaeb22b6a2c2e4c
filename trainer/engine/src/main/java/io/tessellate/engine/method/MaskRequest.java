package io.tessellate.engine.method;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;

/**
 * What a method chooses from.
 *
 * @param owned weights that earlier tasks own
 * @param density share of the eligible weights the recipe asks for
 * @param exhaustion what to do when fewer are left
 * @param grant what the registry reserved
 */
public record MaskRequest(Mask owned, double density, Exhaustion exhaustion, Grant grant) {
    /** All eligible weights. */
    public ParameterSpace space() {
        return owned.space();
    }

    /** Eligible weights without an owner. */
    public Mask free() {
        return owned.complement();
    }

    /** How many of the candidates to choose: exactly the density's share of all eligible weights, as far as granted. */
    public long count(Mask candidates) {
        long wanted = wanted(space(), density);
        long available = Math.min(candidates.cardinality(), grant.budget());
        if (wanted <= available) {
            return wanted;
        }
        if (exhaustion == Exhaustion.REJECT || available == 0) {
            throw new TessellateException(
                    ErrorCode.CAPACITY,
                    "density %s asks for %d weights but only %d may be chosen".formatted(density, wanted, available));
        }
        return available;
    }

    /** The number of weights a density stands for. */
    public static long wanted(ParameterSpace space, double density) {
        return (long) Math.floor(density * space.size());
    }
}
