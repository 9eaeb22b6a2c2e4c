package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;

/**
 * What decides how much memory a pass needs.
 *
 * @param attention padded sequences and heads
 * @param tokens rows outside attention; fewer than inside where sequences are packed
 */
record PassShape(HeadShape attention, int tokens) {
    static PassShape of(Batch batch, ModelConfig config) {
        return new PassShape(
                config.heads(batch.size(), batch.length(), 0), batch.rows().count());
    }

    /** One new token of each of so many sequences. */
    static PassShape ofNext(int sequences, ModelConfig config) {
        return new PassShape(config.heads(sequences, 1, 0), sequences);
    }

    /** The same shape with the reach of one layer. */
    HeadShape attention(ModelConfig config, int layer) {
        return config.heads(attention.batch(), attention.length(), layer);
    }

    /** Whether attention works on other rows than the rest. */
    boolean packed() {
        return tokens < attention.tokens();
    }
}
