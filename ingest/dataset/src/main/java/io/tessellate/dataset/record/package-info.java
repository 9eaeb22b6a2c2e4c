/** What a producer's record, or a line of a file, means by a manifest: an example, or why there is none. */
@NullMarked
package io.tessellate.dataset.record;

import org.jspecify.annotations.NullMarked;
