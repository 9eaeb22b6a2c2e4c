/** Values in words. */
@NullMarked
package io.tessellate.text;

import org.jspecify.annotations.NullMarked;
