/** Versions written back as models that other programs load. */
@NullMarked
package io.tessellate.pipeline.export;

import org.jspecify.annotations.NullMarked;
