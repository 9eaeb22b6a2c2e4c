package io.tessellate.engine.model.batch;

import java.util.Arrays;

/** The token ids of one example, special tokens included, and the segment each belongs to. Immutable. */
public final class TokenSequence {
    private final int[] ids;
    private final int[] types;

    /** A sequence of at least one token; both arrays are copied. */
    public TokenSequence(int[] ids, int[] types) {
        if (ids.length == 0 || ids.length != types.length) {
            throw new IllegalArgumentException(
                    "a sequence needs at least one token and one type per token: %d ids, %d types"
                            .formatted(ids.length, types.length));
        }
        this.ids = ids.clone();
        this.types = types.clone();
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }

    /** A copy of the token ids. */
    public int[] ids() {
        return ids.clone();
    }

    /** A copy of the segment ids. */
    public int[] types() {
        return types.clone();
    }

    void copyTo(int[] batchIds, int[] batchTypes, int from) {
        System.arraycopy(ids, 0, batchIds, from, ids.length);
        System.arraycopy(types, 0, batchTypes, from, types.length);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof TokenSequence sequence
                        && Arrays.equals(ids, sequence.ids)
                        && Arrays.equals(types, sequence.types);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(types);
    }

    @Override
    public String toString() {
        return "TokenSequence%s".formatted(Arrays.toString(ids));
    }
}
