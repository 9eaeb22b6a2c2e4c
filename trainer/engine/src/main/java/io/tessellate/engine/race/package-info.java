/** Chooses the recipe fields that are left open: candidates are trained for a short while, and the best on what is held out goes on. */
@NullMarked
package io.tessellate.engine.race;

import org.jspecify.annotations.NullMarked;
