/** Trains one task on the weights it may change, scores tasks, and forms the views of a version. */
@NullMarked
package io.tessellate.engine.train;

import org.jspecify.annotations.NullMarked;
