package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.model.config.Positions;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Places relative to a token, as far as sequences of one length reach. All layers share the memory: the projections of a
 * layer's backward pass are computed again.
 *
 * @param table rows of the places in their table, one behind the other
 * @param distances for each distance of two tokens from {@code 1 - length} to {@code length - 1} which of these rows is its place
 * @param sum scratch, [places, hidden]: rows of the table; vectors of which some entries are dropped; gradients of one layer
 * @param state for the backward pass of the normalisation, in training only
 * @param normalised the places' vectors, [places, hidden]
 * @param projections queries and keys of one layer, [places, (heads + 2 key and value heads) x width]
 */
record PlaceActivations(
        int[] table,
        int[] distances,
        Matrix sum,
        @Nullable NormState state,
        Matrix normalised,
        Matrix projections) {

    /** Which rows of the table such sequences need. */
    static int[] table(Positions.Disentangled positions, int length) {
        int[] rows = positions.rows(length);
        return IntStream.rangeClosed(rows[0], rows[rows.length - 1]).toArray();
    }

    /** Which of these rows each distance has. */
    static int[] distances(Positions.Disentangled positions, int length) {
        int[] rows = positions.rows(length);
        return IntStream.of(rows).map(row -> row - rows[0]).toArray();
    }
}
