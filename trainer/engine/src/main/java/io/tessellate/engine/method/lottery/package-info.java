/** Lottery tickets: the weights that a calibration changed most, among all (LoTA) or among the free ones (LoTTO). */
@NullMarked
package io.tessellate.engine.method.lottery;

import org.jspecify.annotations.NullMarked;
