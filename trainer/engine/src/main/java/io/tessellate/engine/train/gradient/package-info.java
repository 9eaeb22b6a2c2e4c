/** What may be asked of examples: the gradients of a phase's steps, and what gradients say about single weights. */
@NullMarked
package io.tessellate.engine.train.gradient;

import org.jspecify.annotations.NullMarked;
