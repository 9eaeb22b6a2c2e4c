/** Tests. */
@NullMarked
package io.tessellate.error;

import org.jspecify.annotations.NullMarked;
