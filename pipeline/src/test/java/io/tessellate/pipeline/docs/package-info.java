/** The documentation says what the code does. */
@NullMarked
package io.tessellate.pipeline.docs;

import org.jspecify.annotations.NullMarked;
