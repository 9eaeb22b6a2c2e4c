/** What commands print of what was asked about a model. */
@NullMarked
package io.tessellate.pipeline.analysis;

import org.jspecify.annotations.NullMarked;
