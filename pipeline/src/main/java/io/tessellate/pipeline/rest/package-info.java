/** The command line's questions, answered by a running stack. */
@NullMarked
package io.tessellate.pipeline.rest;

import org.jspecify.annotations.NullMarked;
