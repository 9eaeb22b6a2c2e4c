/** Wiring of clients, log tails and Streams applications. */
@NullMarked
package io.tessellate.runtime.kafka;

import org.jspecify.annotations.NullMarked;
