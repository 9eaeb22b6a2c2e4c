/** Commands that ask about a model what has to be computed or followed for the answer. */
@NullMarked
package io.tessellate.pipeline.cli.analysis;

import org.jspecify.annotations.NullMarked;
