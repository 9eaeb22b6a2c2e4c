package io.tessellate.engine.model;

/**
 * What one backward pass is about.
 *
 * @param batch the examples
 * @param targets one per example
 * @param scale what the mean loss's gradient is multiplied with before it is added up
 */
public record Step(Batch batch, Targets targets, double scale) {
    /** Checks that there is one target per example. */
    public Step {
        if (targets.size() != batch.size()) {
            throw new IllegalArgumentException("%d targets for %d examples".formatted(targets.size(), batch.size()));
        }
    }

    /** A step at full weight. */
    public Step(Batch batch, Targets targets) {
        this(batch, targets, 1);
    }
}
