/** A record or manifest on its way to the one place that knows its task, and what leaves that place. */
@NullMarked
package io.tessellate.ingest.arrival;

import org.jspecify.annotations.NullMarked;
