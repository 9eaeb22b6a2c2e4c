package io.tessellate.predictor.asking;

import org.jspecify.annotations.Nullable;

/**
 * A question's reply.
 *
 * @param id what the question calls itself; null: nothing, or the question could not be read
 * @param millis from when it was put to when the reply was there
 */
public record Prediction(@Nullable String id, Reply reply, double millis) {}
