/** Low-rank methods: whole matrices changed by two thin factors each. */
@NullMarked
package io.tessellate.engine.method.lowrank;

import org.jspecify.annotations.NullMarked;
