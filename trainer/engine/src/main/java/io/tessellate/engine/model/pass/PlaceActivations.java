package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.model.config.ModelConfig;
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
        int[] table, int[] distances, Matrix sum, @Nullable NormState state, Matrix normalised, Matrix projections) {

    private static final int MATRICES = 7;

    /** Where matrices are taken from. */
    @FunctionalInterface
    interface Memory {
        Matrix take(int rows, int columns);
    }

    /** Takes the memory of passes over batches of that shape; nothing where attention knows no places. */
    static @Nullable PlaceActivations of(ModelConfig config, PassShape shape, boolean training, Memory memory) {
        if (!(config.architecture().positions() instanceof Positions.Disentangled disentangled)) {
            return null;
        }
        int[] rows = disentangled.rows(shape.attention().length());
        int[] table = IntStream.rangeClosed(rows[0], rows[rows.length - 1]).toArray();
        int count = table.length;
        return new PlaceActivations(
                table,
                IntStream.of(rows).map(row -> row - rows[0]).toArray(),
                memory.take(count, config.hidden()),
                training ? new NormState(memory.take(count, config.hidden()), memory.take(count, 1)) : null,
                memory.take(count, config.hidden()),
                memory.take(count, config.projectionColumns()));
    }

    /** Floats of these, each matrix rounded up, and in training of their gradients. */
    static long floats(ModelConfig config, PassShape shape, boolean training, int alignment) {
        if (!(config.architecture().positions() instanceof Positions.Disentangled disentangled)) {
            return 0;
        }
        int[] rows = disentangled.rows(shape.attention().length());
        long count = rows[rows.length - 1] - rows[0] + 1L;
        long once = 2L * config.hidden() + config.projectionColumns();
        long more = training ? 2L * config.hidden() + 1 + config.projectionColumns() : 0;
        return count * (once + more) + (long) MATRICES * alignment;
    }

    /** A layer's attention that knows the places, if there are any. */
    static Attention.@Nullable Disentangled placed(Attention attention, @Nullable PlaceActivations places) {
        return places == null ? null : new Attention.Disentangled(attention, places.projections(), places.distances());
    }
}
