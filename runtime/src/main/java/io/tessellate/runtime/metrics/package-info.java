/** The process's numbers, as Prometheus reads them. */
@NullMarked
package io.tessellate.runtime.metrics;

import org.jspecify.annotations.NullMarked;
