/** The accuracy matrix: from single scores to complete rows, their metrics and what to raise an alarm about. */
@NullMarked
package io.tessellate.evaluator.matrix;

import org.jspecify.annotations.NullMarked;
