/** The memory of the machine, as far as its container lets the process have it. */
@NullMarked
package io.tessellate.engine.backend.machine;

import org.jspecify.annotations.NullMarked;
