/** Histories that keep the promises, and one that breaks each. */
@NullMarked
package io.tessellate.pipeline.check;

import org.jspecify.annotations.NullMarked;
