/** What a run needs to go on as if it had never stopped, and when it is kept. */
@NullMarked
package io.tessellate.engine.train.checkpoint;

import org.jspecify.annotations.NullMarked;
