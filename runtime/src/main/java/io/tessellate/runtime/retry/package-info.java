/** Trying again what can pass by itself. */
@NullMarked
package io.tessellate.runtime.retry;

import org.jspecify.annotations.NullMarked;
