/** LoTTO: lottery tickets for one task after another, on weights that are still free. */
@NullMarked
package io.tessellate.engine.method.lotto;

import org.jspecify.annotations.NullMarked;
