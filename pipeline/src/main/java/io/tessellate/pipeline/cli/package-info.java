/** The command {@code tessellate}: one class for each command. */
@NullMarked
package io.tessellate.pipeline.cli;

import org.jspecify.annotations.NullMarked;
