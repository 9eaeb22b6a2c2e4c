/** Changes of matrices by a product of two thin factors, as LoRA and PiSSA train them. */
@NullMarked
package io.tessellate.engine.lowrank;

import org.jspecify.annotations.NullMarked;
