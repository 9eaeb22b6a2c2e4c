/**
 * Transformer encoders read from Hugging Face directories: configuration, weights as one flat vector, forward and
 * backward pass, per-task heads and their losses.
 */
@NullMarked
package io.tessellate.engine.model;

import org.jspecify.annotations.NullMarked;
