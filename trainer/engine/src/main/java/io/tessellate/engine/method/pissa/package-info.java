/** PiSSA: the low-rank baseline that starts at the principal components. */
@NullMarked
package io.tessellate.engine.method.pissa;

import org.jspecify.annotations.NullMarked;
