/** The accuracy matrix and what it is made of: scores, rows, and how they stand in topics. */
@NullMarked
package io.tessellate.evaluator.matrix;

import org.jspecify.annotations.NullMarked;
