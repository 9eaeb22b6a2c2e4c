package io.tessellate.mask.merge;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/** What holds for the numbers of merge methods. */
final class MergeLimits {
    private MergeLimits() {}

    static void requireScale(double scale) {
        if (!Double.isFinite(scale)) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "merge scale must be finite: " + scale);
        }
    }

    static void requireShare(double keep) {
        if (!(keep > 0 && keep <= 1)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "merge keep must be above 0 and at most 1: " + keep);
        }
    }
}
