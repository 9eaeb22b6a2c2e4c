/** Tests. */
@NullMarked
package io.tessellate.dataset;

import org.jspecify.annotations.NullMarked;
