/** All services in one JVM on a data directory. */
@NullMarked
package io.tessellate.pipeline.stack;

import org.jspecify.annotations.NullMarked;
