/** Masks that are expander graphs: quasi-cyclic lifts, switched colourings, matchings on what is free. */
@NullMarked
package io.tessellate.mask.expander;

import org.jspecify.annotations.NullMarked;
