/** Clients, readers and tails of logs, connected and guarded in one way for every part of the house. */
@NullMarked
package io.tessellate.runtime.kafka;

import org.jspecify.annotations.NullMarked;
