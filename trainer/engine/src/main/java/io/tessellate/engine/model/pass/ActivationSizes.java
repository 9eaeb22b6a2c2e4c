package io.tessellate.engine.model.pass;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;

/**
 * Floats of the matrices that {@link Arena} lays for a pass.
 *
 * @param config of the model
 * @param shape of the batches
 */
record ActivationSizes(ModelConfig config, PassShape shape) {
    private static final int MATRICES_PER_LAYER = 24 * Arena.ALIGNMENT;
    private static final int OTHER_MATRICES = 20 * Arena.ALIGNMENT;

    /** Floats a training pass needs. */
    long training(KeptActivations kept) {
        long gradients = attention() + hidden() + inner() + gated();
        long whole = layer() + MATRICES_PER_LAYER;
        long above = shape.cut() ? aboveAttention() + MATRICES_PER_LAYER : 0;
        long highest = shape.cut() ? cutLayer() + MATRICES_PER_LAYER : whole;
        long layers = switch (kept) {
            case ALL -> (config.layers() - 1) * whole + highest;
            case LAYER_INPUTS -> whole + above + config.layers() * (hidden() + Arena.ALIGNMENT);
        };
        return layers
                + gradients
                + (shape.cut() ? cutGradients() + MATRICES_PER_LAYER : 0)
                + edges()
                + OTHER_MATRICES
                + PlaceActivations.floats(config, shape, true, Arena.ALIGNMENT);
    }

    /** Floats an evaluation pass needs. */
    long evaluation() {
        return attention()
                + hidden()
                + inner()
                + gated()
                + edges()
                + (shape.cut() ? cutEvaluation() + MATRICES_PER_LAYER : 0)
                + OTHER_MATRICES
                + PlaceActivations.floats(config, shape, false, Arena.ALIGNMENT);
    }

    private long hidden() {
        return (long) shape.tokens() * config.hidden();
    }

    private long inner() {
        return (long) shape.tokens() * config.innerColumns();
    }

    private long activated() {
        return (long) shape.tokens() * config.intermediate();
    }

    /** The second matrix inside the feed-forward block, where the first cannot serve. */
    private long gated() {
        return config.architecture().activation().gated() ? activated() : 0;
    }

    private long context() {
        return (long) shape.tokens() * config.contextColumns();
    }

    private long paddedProjections() {
        return (long) shape.attention().tokens() * config.projectionColumns();
    }

    private long scores() {
        return (long) shape.attention().scoreRows() * shape.attention().length();
    }

    /** Attention on padded sequences, and the same on packed tokens where these differ. */
    private long attention() {
        int rows = shape.attention().tokens() + (shape.packed() ? shape.tokens() : 0);
        return scores() + (long) rows * (config.projectionColumns() + config.contextColumns());
    }

    /** What the normalisations of a layer keep. */
    private long states() {
        return normStates() + headStates();
    }

    private long normStates() {
        long norms = config.architecture().normalisation().around() ? 4 : 2;
        return norms * (hidden() + shape.tokens());
    }

    private long headStates() {
        Architecture architecture = config.architecture();
        long heads = architecture.attention().normed()
                ? config.heads() + architecture.attention().keyValueHeads()
                : 0;
        return heads * shape.tokens() * (config.headWidth() + 1L);
    }

    /** What one layer keeps. */
    private long layer() {
        return paddedProjections() + context() + scores() + 2 * hidden() + states() + inner() + activated();
    }

    /** What the highest layer keeps where it is computed for the tokens that are read alone. */
    private long cutLayer() {
        boolean before = config.architecture().normalisation().before();
        long input = before ? 2 * hidden() + shape.tokens() : 0;
        return paddedProjections() + scores() + input + headStates() + aboveAttention();
    }

    /** What it keeps beside what all layers share when they are computed again. */
    private long aboveAttention() {
        ActivationSizes read = read();
        return read.normStates() + read.context() + 2 * read.hidden() + read.inner() + read.activated();
    }

    /** What the highest layer works on in such a training pass. */
    private long cutGradients() {
        ActivationSizes read = read();
        return 3 * read.hidden() + read.context() + read.inner() + read.gated();
    }

    /** What it works on in such an evaluation pass. */
    private long cutEvaluation() {
        return cutGradients() + read().hidden();
    }

    private ActivationSizes read() {
        return new ActivationSizes(config, shape.outputsOnly());
    }

    /** Embeddings, sums, the last hidden vectors, the states outside the layers, and angles. */
    private long edges() {
        long angles = config.architecture().positions() instanceof Positions.Rotary rotary
                ? (long) rotary.kinds().size() * shape.tokens() * config.headWidth()
                : 0;
        return 5 * hidden() + 2L * shape.tokens() + angles;
    }
}
