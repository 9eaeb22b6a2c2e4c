/** The backend {@code host}: products by native libraries on the CPU, row kernels as Java loops. */
@NullMarked
package io.tessellate.engine.backend.host;

import org.jspecify.annotations.NullMarked;
