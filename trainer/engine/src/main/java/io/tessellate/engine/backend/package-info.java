/**
 * The one seam to the hardware: flat off-heap floats, matrices laid over them, and the few operations an encoder needs.
 * No type of a numerics library appears here; an accelerator is one more {@link io.tessellate.engine.backend.BackendProvider}.
 */
@NullMarked
package io.tessellate.engine.backend;

import org.jspecify.annotations.NullMarked;
