/** LoTA: lottery ticket adaptation of one task. */
@NullMarked
package io.tessellate.engine.method.lota;

import org.jspecify.annotations.NullMarked;
