package io.tessellate.mask.grant;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.method.MethodName;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The one rule by which masks are granted, with or without a registry. A pure one: what a method claims, a density, and what
 * is owned and reserved come to a class, to a number of weights, or to nothing. Whoever sees a recipe earlier can ask it
 * what would never be granted, and refuse that at once.
 *
 * @param eligible weights that masks are made of
 * @param ownership how tasks share them
 */
public record GrantRule(ParameterSpace eligible, Ownership ownership) {
    /** Why a request can never be granted, code and message; empty if it can be, as long as enough is free. */
    public Optional<TessellateException> refusal(MaskRequest request) {
        try {
            weights(request);
            return Optional.empty();
        } catch (TessellateException e) {
            return Optional.of(e);
        }
    }

    /**
     * How many weights a request stands for; of a class the mean, rounded up, since classes differ where their number does not
     * divide the sides. INVALID_RECIPE if it can never be granted.
     */
    public long weights(MaskRequest request) {
        MethodName method = MethodName.parse(request.method());
        requireShared(request, method);
        requireParallel(request, method);
        if (!(request.density() > 0 && request.density() <= 1)) {
            throw invalid("density must lie in (0, 1]: " + request.density());
        }
        return method.claim().weights(eligible, request.density());
    }

    /** What is granted of a model; empty where too little is free. INVALID_RECIPE if it could never be granted. */
    public Optional<Grant> grant(MaskRequest request, Availability model) {
        long wanted = weights(request);
        return MethodName.parse(request.method()).claim().isLiftClass()
                ? liftClass(request, model)
                : budget(request, wanted, model).map(weights -> Grant.of(weights, request.sharedMask()));
    }

    /** Less than the degrees of a structure ask for would not be regular, so only a count is shrunk. */
    private Optional<Long> budget(MaskRequest request, long wanted, Availability model) {
        if (ownership == Ownership.SHARED || wanted <= model.free()) {
            return Optional.of(wanted);
        }
        boolean shrinks = request.exhaustion() == Exhaustion.SHRINK
                && MethodName.parse(request.method()).claim().isCount();
        return shrinks && model.free() > 0 ? Optional.of(model.free()) : Optional.empty();
    }

    /** The class the run holds already if it is still free, else the lowest that is free. */
    private Optional<Grant> liftClass(MaskRequest request, Availability model) {
        ClassPartition partition = ClassPartition.of(model.base(), eligible, request.density(), request.sharedMask());
        Mask owned = model.owned();
        Predicate<ExpanderClass> unowned = lift -> !model.lift(lift).intersects(lift.index(), owned);
        return model.held()
                .filter(partition::holds)
                .filter(unowned)
                .or(() -> partition.lowestFree(model.reserved(), unowned))
                .or(() -> model.again(partition))
                .map(lift -> Grant.of(model.lift(lift).size(lift.index()), lift));
    }

    private void requireShared(MaskRequest request, MethodName method) {
        if (ownership == Ownership.SHARED) {
            return;
        }
        if (request.exhaustion() == Exhaustion.OVERLAP) {
            throw invalid("exhaustion overlap needs a model registered with shared ownership; this one is exclusive");
        }
        if (method.claim().overwrites()) {
            throw invalid("method %s needs a model registered with shared ownership; this one is exclusive"
                    .formatted(method.text()));
        }
    }

    /** Only what is reserved before training can be trained beside other tasks, and only where they cannot overwrite it. */
    private void requireParallel(MaskRequest request, MethodName method) {
        if (request.parallelFrom().isEmpty()) {
            return;
        }
        if (!method.claim().isLiftClass()) {
            throw invalid("parallel tasks need a mask that is reserved before training; method %s finds its own later"
                    .formatted(method.text()));
        }
        if (ownership == Ownership.SHARED) {
            throw invalid("parallel tasks need a model registered with exclusive ownership; this one is shared");
        }
    }

    private static TessellateException invalid(String message) {
        return new TessellateException(ErrorCode.INVALID_RECIPE, message);
    }
}
