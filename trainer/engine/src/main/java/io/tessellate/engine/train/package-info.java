/** Training tasks: one job at a time from the parent's weights to an adapter, resumable bit for bit; and all tasks at once, to compare with. */
@NullMarked
package io.tessellate.engine.train;

import org.jspecify.annotations.NullMarked;
