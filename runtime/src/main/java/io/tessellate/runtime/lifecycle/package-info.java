/** Things that are started in order and stopped in reverse. */
@NullMarked
package io.tessellate.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
