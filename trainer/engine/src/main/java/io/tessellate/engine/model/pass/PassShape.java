package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * What decides how much memory a pass needs.
 *
 * @param attention padded sequences and heads
 * @param tokens rows outside attention; fewer than inside where sequences are packed
 * @param read which token of each sequence has its last hidden vector read
 */
record PassShape(HeadShape attention, int tokens, HeadShape.Asked read) {
    static PassShape of(Batch batch, ModelConfig config, @Nullable ReadRows read) {
        return new PassShape(
                config.heads(batch.size(), batch.length(), 0),
                batch.rows().count(),
                read == null ? HeadShape.Asked.ALL : read.asked());
    }

    /** One new token of each of so many sequences. */
    static PassShape ofNext(int sequences, ModelConfig config) {
        return new PassShape(config.heads(sequences, 1, 0), sequences, HeadShape.Asked.ALL);
    }

    /** The same shape with the reach of one layer, and with the tokens that ask in it. */
    HeadShape attention(ModelConfig config, int layer) {
        HeadShape heads = config.heads(attention.batch(), attention.length(), layer);
        return layer == config.layers() - 1 ? heads.asking(read) : heads;
    }

    /** Whether the highest layer is computed for one token of each sequence. */
    boolean cut() {
        return read != HeadShape.Asked.ALL;
    }

    /** Rows of the last hidden vectors. */
    int outputs() {
        return cut() ? attention.batch() : tokens;
    }

    /** A pass over nothing but the tokens that are read. */
    PassShape outputsOnly() {
        return new PassShape(attention, outputs(), read);
    }

    /** Whether attention works on other rows than the rest. */
    boolean packed() {
        return tokens < attention.tokens();
    }
}
