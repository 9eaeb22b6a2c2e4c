/** Measures the engine on the machine it runs on: where a training step's time goes, and what limits it. */
@NullMarked
package io.tessellate.engine.bench;

import org.jspecify.annotations.NullMarked;
