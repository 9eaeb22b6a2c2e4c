/** How well predictions, values and texts match what was wanted, how a task is measured, and the metrics of continual learning. */
@NullMarked
package io.tessellate.engine.metric;

import org.jspecify.annotations.NullMarked;
