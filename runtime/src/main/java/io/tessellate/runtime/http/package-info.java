/** Small HTTP servers that answer errors from the one table. */
@NullMarked
package io.tessellate.runtime.http;

import org.jspecify.annotations.NullMarked;
