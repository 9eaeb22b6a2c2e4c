/** Vectors and matrices that keep some entries only: gradients of the weights a task owns, for every backend. */
@NullMarked
package io.tessellate.engine.backend.owned;

import org.jspecify.annotations.NullMarked;
