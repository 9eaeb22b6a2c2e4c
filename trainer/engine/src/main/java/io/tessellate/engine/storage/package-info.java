/** Vectors that keep frozen values in 16 bits and owned ones beside them, value for value what 32 bits would hold. */
@NullMarked
package io.tessellate.engine.storage;

import org.jspecify.annotations.NullMarked;
