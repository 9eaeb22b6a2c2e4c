/** Where log lines go, and what stands on each. */
@NullMarked
package io.tessellate.runtime.log;

import org.jspecify.annotations.NullMarked;
