/** Full fine-tuning: the baseline that owns nothing and forgets. */
@NullMarked
package io.tessellate.engine.method.full;

import org.jspecify.annotations.NullMarked;
