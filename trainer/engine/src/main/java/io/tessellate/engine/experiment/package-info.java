/** Compares methods on one stream of tasks, each at its own tuned learning rate, over several seeds; can be stopped and goes on. */
@NullMarked
package io.tessellate.engine.experiment;

import org.jspecify.annotations.NullMarked;
