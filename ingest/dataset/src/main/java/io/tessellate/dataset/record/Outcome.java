package io.tessellate.dataset.record;

import io.tessellate.dataset.Example;
import io.tessellate.error.ErrorCode;

/** What became of one record. */
public sealed interface Outcome {
    /** It is an example of the dataset. */
    record Accepted(Example example) implements Outcome {}

    /** It is put aside. */
    record Refused(ErrorCode code, String reason) implements Outcome {}
}
