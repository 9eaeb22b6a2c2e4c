/** Masks of the weights that a salience metric ranks highest, without any calibration training (SPEFT). */
@NullMarked
package io.tessellate.engine.method.salience;

import org.jspecify.annotations.NullMarked;
