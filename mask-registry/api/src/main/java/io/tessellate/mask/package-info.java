/** What a mask is: sets of eligible weights, their algebra, and how many or which of them are chosen. */
@NullMarked
package io.tessellate.mask;

import org.jspecify.annotations.NullMarked;
