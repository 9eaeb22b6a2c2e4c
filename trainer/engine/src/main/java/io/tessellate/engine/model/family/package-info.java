/** The families of models the engine knows: how each {@code config.json} describes one, and what its weight files call the tensors. */
@NullMarked
package io.tessellate.engine.model.family;

import org.jspecify.annotations.NullMarked;
