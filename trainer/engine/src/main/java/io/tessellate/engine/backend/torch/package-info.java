/** The backends {@code torch:cpu} and {@code torch:cuda}: PyTorch's native library, called by its C functions. */
@NullMarked
package io.tessellate.engine.backend.torch;

import org.jspecify.annotations.NullMarked;
