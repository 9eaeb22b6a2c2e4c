/** Tests. */
@NullMarked
package io.tessellate.id;

import org.jspecify.annotations.NullMarked;
