package io.tessellate.mask.merge;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import org.jspecify.annotations.Nullable;

/**
 * How adapters are to be merged, with every default filled in.
 *
 * @param method the way
 * @param scale what the merged change is multiplied by
 * @param keep share of a task's entries that the trim of {@link Method#TIES} keeps
 * @param trim what that share is of
 */
public record MergeRecipe(Method method, double scale, double keep, Ties.Trim trim) {
    private static final double PAPER_KEEP = 0.2;

    /** The ways to merge. */
    public enum Method {
        /** {@link Union}. */
        UNION,
        /** {@link TaskArithmetic}. */
        ARITHMETIC,
        /** {@link Ties}. */
        TIES
    }

    /** Checks the numbers, and that a method is given only what it takes. */
    public MergeRecipe {
        MergeLimits.requireScale(scale);
        MergeLimits.requireShare(keep);
        if (method == Method.UNION && scale != 1) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a union takes the adapters as they are; scale must be 1, not " + scale);
        }
    }

    /** A recipe from what is given; what is null gets its default, and INVALID_ARGUMENT if the method does not take it. */
    public static MergeRecipe of(
            Method method, @Nullable Double scale, @Nullable Double keep, Ties.@Nullable Trim trim) {
        if (method != Method.TIES && (keep != null || trim != null)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "only ties trims; a merge by %s takes neither trim nor trim scope".formatted(label(method)));
        }
        return new MergeRecipe(
                method,
                scale == null ? 1 : scale,
                keep == null ? PAPER_KEEP : keep,
                trim == null ? Ties.Trim.WHOLE : trim);
    }

    private static String label(Method method) {
        return method == Method.UNION ? "union" : "arithmetic";
    }

    MergeMethod over(Ties.Sizes sizes) {
        return switch (method) {
            case UNION -> new Union();
            case ARITHMETIC -> new TaskArithmetic(scale);
            case TIES -> new Ties(keep, trim, sizes, scale);
        };
    }
}
