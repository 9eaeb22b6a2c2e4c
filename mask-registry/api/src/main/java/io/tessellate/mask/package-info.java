/** What a mask is: sets of eligible weights, their algebra, and the ways to construct them. */
@NullMarked
package io.tessellate.mask;

import org.jspecify.annotations.NullMarked;
