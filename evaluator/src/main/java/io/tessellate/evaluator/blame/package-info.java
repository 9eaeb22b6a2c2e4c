/** Which later adapter a task's drop in the union view comes from. */
@NullMarked
package io.tessellate.evaluator.blame;

import org.jspecify.annotations.NullMarked;
