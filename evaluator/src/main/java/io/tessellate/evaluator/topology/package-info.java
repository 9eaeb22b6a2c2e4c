/** The topology that folds scores into rows of the matrix, and finds in them what a person should hear. */
@NullMarked
package io.tessellate.evaluator.topology;

import org.jspecify.annotations.NullMarked;
