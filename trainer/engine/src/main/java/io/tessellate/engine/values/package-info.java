/** Rows of numbers that may be longer than one array. */
@NullMarked
package io.tessellate.engine.values;

import org.jspecify.annotations.NullMarked;
