package io.tessellate.engine.train.gradient;

import java.util.Optional;

/** What a phase is trained by. */
public interface PhaseGradients {
    /** The gradients from a step on, with memory of their own. */
    GradientSource from(long step);

    /** What tells when to stop; nothing where a phase is trained to its end. */
    default Optional<Validation> validation() {
        return Optional.empty();
    }
}
