/**
 * Update rules over one compact vector of trained values. Whatever is not in that vector cannot move: frozen weights are
 * never handed to an optimiser, so no state, decay or momentum can touch them.
 */
@NullMarked
package io.tessellate.engine.optimizer;

import org.jspecify.annotations.NullMarked;
