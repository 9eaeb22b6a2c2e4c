package io.tessellate.engine.model.head;

/**
 * What a backward pass came to.
 *
 * @param loss mean over the examples, not scaled; may be infinite or not a number
 */
public record StepResult(double loss) {}
