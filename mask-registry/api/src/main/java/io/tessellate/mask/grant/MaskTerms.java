package io.tessellate.mask.grant;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.expander.ClassCount;
import io.tessellate.mask.expander.OneSidedMask;
import io.tessellate.mask.expander.RegularDegrees;
import io.tessellate.method.Claim;
import io.tessellate.method.MethodName;
import java.util.Optional;

/**
 * What can be had of a model at all, whoever owns what: the rule that the registry grants masks by. A pure one, so that
 * whoever sees a recipe earlier can refuse it at once.
 *
 * @param eligible weights that masks are made of
 * @param ownership how tasks share them
 */
public record MaskTerms(ParameterSpace eligible, Ownership ownership) {
    /** Why a wish can never be granted, code and message; empty if it can be, as long as enough is free. */
    public Optional<TessellateException> refusal(MaskRequest wish) {
        try {
            weights(wish);
            return Optional.empty();
        } catch (TessellateException e) {
            return Optional.of(e);
        }
    }

    /**
     * How many weights a wish stands for; of a class the mean, rounded up, since classes differ where their number does not
     * divide the sides. INVALID_RECIPE if it can never be granted.
     */
    public long weights(MaskRequest wish) {
        MethodName method = MethodName.parse(wish.method());
        requireShared(wish, method);
        requireParallel(wish, method);
        if (!(wish.density() > 0 && wish.density() <= 1)) {
            throw invalid("density must lie in (0, 1]: " + wish.density());
        }
        return switch (method.claim()) {
            case EVERYTHING -> eligible.size();
            case SHARE -> share(wish.density());
            case REGULAR -> regular(method, wish.density());
            case CLASS -> ofClass(wish.density());
        };
    }

    private void requireShared(MaskRequest wish, MethodName method) {
        if (ownership == Ownership.SHARED) {
            return;
        }
        if (wish.exhaustion() == Exhaustion.OVERLAP) {
            throw invalid("exhaustion overlap needs a model registered with shared ownership; this one is exclusive");
        }
        if (method.claim() == Claim.EVERYTHING) {
            throw invalid("method %s needs a model registered with shared ownership; this one is exclusive"
                    .formatted(method.text()));
        }
    }

    /** Only what is reserved before training can be trained beside other tasks, and only where they cannot overwrite it. */
    private void requireParallel(MaskRequest wish, MethodName method) {
        if (wish.parallelFrom().isEmpty()) {
            return;
        }
        if (method.claim() != Claim.CLASS) {
            throw invalid("parallel tasks need a mask that is reserved before training; method %s finds its own later"
                    .formatted(method.text()));
        }
        if (ownership == Ownership.SHARED) {
            throw invalid("parallel tasks need a model registered with exclusive ownership; this one is shared");
        }
    }

    private long share(double density) {
        long size = eligible.size();
        long wanted = (long) Math.floor(density * size);
        if (wanted == 0) {
            throw invalid("density %s of %d weights leaves none".formatted(density, size));
        }
        return wanted;
    }

    private long ofClass(double density) {
        int classes = ClassCount.of(eligible, density);
        return (eligible.size() + classes - 1) / classes;
    }

    /** The mask's exact size follows from its degrees. */
    private long regular(MethodName method, double density) {
        return method == MethodName.ONE_SIDED
                ? OneSidedMask.size(eligible, density)
                : eligible.tensors().stream()
                        .mapToLong(tensor -> expander(tensor, density))
                        .sum();
    }

    private static long expander(EligibleTensor tensor, double density) {
        return RegularDegrees.ofExpander(tensor, density).entries();
    }

    private static TessellateException invalid(String message) {
        return new TessellateException(ErrorCode.INVALID_RECIPE, message);
    }
}
