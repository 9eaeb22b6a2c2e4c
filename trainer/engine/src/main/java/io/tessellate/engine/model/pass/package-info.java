/** The forward and backward passes of a transformer, and the memory they reuse. */
@NullMarked
package io.tessellate.engine.model.pass;

import org.jspecify.annotations.NullMarked;
