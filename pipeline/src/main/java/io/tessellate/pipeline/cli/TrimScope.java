package io.tessellate.pipeline.cli;

import io.tessellate.mask.merge.Ties;

/** What a trim's share is of. */
enum TrimScope {
    /** All weights of an adapter's tensors together. */
    WHOLE(Ties.Trim.WHOLE),
    /** Each tensor by itself. */
    TENSOR(Ties.Trim.PER_TENSOR);

    private final Ties.Trim trim;

    TrimScope(Ties.Trim trim) {
        this.trim = trim;
    }

    Ties.Trim trim() {
        return trim;
    }
}
