package io.tessellate.pipeline.cli.option;

import io.tessellate.mask.merge.Ties;

/** What a trim's share is of. */
public enum TrimScope {
    /** All weights of an adapter's tensors together. */
    WHOLE(Ties.Trim.WHOLE),
    /** Each tensor by itself. */
    TENSOR(Ties.Trim.PER_TENSOR);

    private final Ties.Trim trim;

    TrimScope(Ties.Trim trim) {
        this.trim = trim;
    }

    public Ties.Trim trim() {
        return trim;
    }
}
