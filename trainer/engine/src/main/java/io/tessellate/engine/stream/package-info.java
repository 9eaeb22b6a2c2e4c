/** A stream of tasks on one model without a broker: trained one after the other, measured at every version in both views. */
@NullMarked
package io.tessellate.engine.stream;

import org.jspecify.annotations.NullMarked;
