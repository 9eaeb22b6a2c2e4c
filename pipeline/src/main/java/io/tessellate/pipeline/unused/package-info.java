/** What lies on the disk and is named by no event any more. */
@NullMarked
package io.tessellate.pipeline.unused;

import org.jspecify.annotations.NullMarked;
