package io.tessellate.engine.model;

import io.tessellate.engine.backend.HeadShape;

/**
 * What decides how much memory a pass needs.
 *
 * @param attention padded sequences and heads
 * @param tokens rows outside attention; fewer than inside where sequences are packed
 */
record PassShape(HeadShape attention, int tokens) {
    static PassShape of(Batch batch, ModelConfig config) {
        HeadShape attention = new HeadShape(batch.size(), batch.length(), config.heads(), config.headWidth());
        return new PassShape(attention, batch.rows().count());
    }

    /** Whether attention works on other rows than the rest. */
    boolean packed() {
        return tokens < attention.tokens();
    }
}
