/** Everything once: two models, the same stream of tasks, both matrices. */
@NullMarked
package io.tessellate.pipeline.demo;

import org.jspecify.annotations.NullMarked;
