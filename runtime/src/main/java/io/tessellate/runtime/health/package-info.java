/** Whether a part would work now. */
@NullMarked
package io.tessellate.runtime.health;

import org.jspecify.annotations.NullMarked;
