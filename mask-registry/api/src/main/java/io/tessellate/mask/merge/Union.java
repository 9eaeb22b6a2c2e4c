package io.tessellate.mask.merge;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;

/** The plain union of adapters that no weight is shared by; INVALID_ARGUMENT if one is. */
public record Union() implements MergeMethod {
    @Override
    public TaskVector merge(List<TaskVector> tasks) {
        Interference found = Interference.of(tasks);
        if (found.shared() > 0) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%d weights are set by more than one adapter, and a union needs disjoint ones; merge them by arithmetic or ties"
                            .formatted(found.shared()));
        }
        return new TaskArithmetic(1).merge(tasks);
    }
}
