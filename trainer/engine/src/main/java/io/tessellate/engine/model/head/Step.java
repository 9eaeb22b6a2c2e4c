package io.tessellate.engine.model.head;

import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;

/**
 * What one backward pass is about.
 *
 * @param batch the examples
 * @param targets one per example
 * @param scale what the mean loss's gradient is multiplied with before it is added up
 * @param dropout what is dropped on the way
 */
public record Step(Batch batch, Targets targets, double scale, Dropout dropout) {
    /** Checks that there is one target per example. */
    public Step {
        if (targets.size() != batch.size()) {
            throw new IllegalArgumentException("%d targets for %d examples".formatted(targets.size(), batch.size()));
        }
    }

    /** A step that drops nothing. */
    public Step(Batch batch, Targets targets, double scale) {
        this(batch, targets, scale, Dropout.none());
    }

    /** A step at full weight. */
    public Step(Batch batch, Targets targets) {
        this(batch, targets, 1);
    }
}
