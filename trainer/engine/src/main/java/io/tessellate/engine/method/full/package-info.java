/** Methods that train every weight: full fine-tuning, and the same held by elastic weight consolidation. */
@NullMarked
package io.tessellate.engine.method.full;

import org.jspecify.annotations.NullMarked;
