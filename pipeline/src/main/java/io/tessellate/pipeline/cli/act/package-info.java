/** Commands by which a person acts on a model or a task; each is an event with who and why. */
@NullMarked
package io.tessellate.pipeline.cli.act;

import org.jspecify.annotations.NullMarked;
