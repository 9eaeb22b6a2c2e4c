/** Which weights a phase trains and how their values go to and fro, what acts on them beside the loss, and the checks that hold them. */
@NullMarked
package io.tessellate.engine.train.entries;

import org.jspecify.annotations.NullMarked;
