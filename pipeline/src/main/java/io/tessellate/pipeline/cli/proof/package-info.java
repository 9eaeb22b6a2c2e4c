/** Commands that hold what was promised against what is there. */
@NullMarked
package io.tessellate.pipeline.cli.proof;

import org.jspecify.annotations.NullMarked;
