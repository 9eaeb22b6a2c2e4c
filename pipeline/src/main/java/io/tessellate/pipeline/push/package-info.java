/** A dataset on disk becomes records and a manifest in their topics. */
@NullMarked
package io.tessellate.pipeline.push;

import org.jspecify.annotations.NullMarked;
