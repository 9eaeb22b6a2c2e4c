/** Jobs for the tasks of every version, and the worker that scores them in both views and publishes each score once. */
@NullMarked
package io.tessellate.evaluator.scoring;

import org.jspecify.annotations.NullMarked;
