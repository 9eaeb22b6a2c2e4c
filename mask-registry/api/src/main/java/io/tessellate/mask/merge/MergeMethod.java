package io.tessellate.mask.merge;

import java.util.List;

/** A way to make one task vector of several; base plus the result is the merged model. */
public sealed interface MergeMethod permits TaskArithmetic, Ties, Union {
    /** The merged vector. The order of the tasks does not matter, up to rounding. */
    TaskVector merge(List<TaskVector> tasks);
}
