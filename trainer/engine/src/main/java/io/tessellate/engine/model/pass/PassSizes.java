package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Features;

/** How much memory an {@link Encoder} takes for its passes, from the lengths of the sequences alone. */
public final class PassSizes {
    private PassSizes() {}

    /** Floats that a training pass over sequences of these lengths takes, of whose last hidden vectors these features are read. */
    public static long trainingFloats(ModelConfig config, KeptActivations kept, Features features, int... lengths) {
        return new ActivationSizes(config, shape(config, features, lengths)).training(kept);
    }

    /** Floats that an evaluation pass over sequences of these lengths takes, likewise. */
    public static long evaluationFloats(ModelConfig config, Features features, int... lengths) {
        return new ActivationSizes(config, shape(config, features, lengths)).evaluation();
    }

    /**
     * The most floats, about, that one call of a kernel allocates itself on a backend whose operators do, and frees again: what
     * attention copies head by head, or a few matrices inside the feed-forward block.
     *
     * @param droppedProbabilities whether attention probabilities are dropped
     */
    public static long kernelFloats(ModelConfig config, boolean droppedProbabilities, int... lengths) {
        PassShape shape = shape(config, Features.TOKEN_AND_MEAN, lengths);
        long padded = shape.attention().tokens();
        long projections = padded * config.projectionColumns();
        long contexts = 3 * padded * config.contextColumns();
        long scores = (long) shape.attention().scoreRows() * shape.attention().length();
        long attention = projections + contexts + (droppedProbabilities ? 2 * scores : 0);
        long inner = 3L * shape.tokens() * config.innerColumns();
        return Math.max(attention, inner);
    }

    /** Rows of hidden vectors of a pass over sequences of these lengths. */
    public static long rows(ModelConfig config, int... lengths) {
        return Batch.rows(lengths, config);
    }

    private static PassShape shape(ModelConfig config, Features features, int... lengths) {
        int length = Batch.paddedLength(lengths, config);
        HeadShape.Asked read = features == Features.TOKEN ? ReadRows.asked(config.causal()) : HeadShape.Asked.ALL;
        return new PassShape(config.heads(lengths.length, length, 0), Batch.rows(lengths, config), read);
    }
}
