package io.tessellate.engine.train;

import io.tessellate.engine.model.TokenSequence;

/**
 * An example as the model sees it.
 *
 * @param tokens its token ids
 * @param target number of its class, or its real value
 */
public record EncodedExample(TokenSequence tokens, double target) {}
