package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Features;
import io.tessellate.engine.model.head.Pooling;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tokens whose last hidden vectors are read, one of each sequence: the highest layer needs keys and values of all tokens, and
 * everything else of these alone.
 *
 * @param layer number of the highest layer
 * @param asked which token of each sequence
 * @param positions of the tokens in their sequences
 * @param rows of the tokens outside attention
 * @param padded rows of the tokens within it
 */
record ReadRows(int layer, HeadShape.Asked asked, int[] positions, int[] rows, int[] padded) {
    /** Those of a batch; nothing where vectors of all tokens are read. */
    static @Nullable ReadRows of(Pooling pooling, ModelConfig config) {
        if (pooling.features() == Features.TOKEN_AND_MEAN) {
            return null;
        }
        Batch batch = pooling.batch();
        int[] positions = new int[batch.size()];
        Arrays.setAll(positions, pooling::speaker);
        int[] rows = new int[batch.size()];
        Arrays.setAll(rows, b -> batch.row(b, positions[b]));
        int[] padded = new int[batch.size()];
        Arrays.setAll(padded, b -> b * batch.length() + positions[b]);
        return new ReadRows(config.layers() - 1, asked(pooling.last()), positions, rows, padded);
    }

    /** Which token of each sequence is read where only one is. */
    static HeadShape.Asked asked(boolean last) {
        return last ? HeadShape.Asked.LAST : HeadShape.Asked.FIRST;
    }

    /** Gives all tokens the gradients of contexts and of the stream: those that are not read get 0. */
    void spread(Backend backend, ReadActivations.Upper of, Matrix contexts, Matrix stream) {
        contexts.clear();
        backend.rows().scatterAddRows(of.context(), padded, contexts);
        stream.clear();
        backend.rows().scatterAddRows(of.hidden(), rows, stream);
    }

    /** Whether a layer is the highest. */
    boolean in(int another) {
        return another == layer;
    }
}
