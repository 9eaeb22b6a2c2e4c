package io.tessellate.dataset.manifest;

import org.jspecify.annotations.Nullable;

/** What a producer's record type calls the parts of an example; null where it has our own name for one. */
public record FieldNames(
        @Nullable String id,
        @Nullable String split,
        @Nullable String text,
        @Nullable String textPair,
        @Nullable String label,
        @Nullable String prompt,
        @Nullable String completion,
        @Nullable String choices,
        @Nullable String messages) {
    /** Our own names, as {@code TaskExample} has them. */
    public static final FieldNames OWN = new FieldNames(null, null, null, null, null, null, null, null, null);
}
