/** Expander masks: classes of a quasi-cyclic lift, disjoint before any training. */
@NullMarked
package io.tessellate.engine.method.expander;

import org.jspecify.annotations.NullMarked;
