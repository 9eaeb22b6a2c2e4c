/** Copies of weights as bf16 numbers that follow what is written to the weights, for every backend. */
@NullMarked
package io.tessellate.engine.backend.rounded;

import org.jspecify.annotations.NullMarked;
