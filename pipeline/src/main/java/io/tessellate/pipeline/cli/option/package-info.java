/** What can be said on the command line, and is said in more than one command or is a value of its own. */
@NullMarked
package io.tessellate.pipeline.cli.option;

import org.jspecify.annotations.NullMarked;
