/** The Streams topology that decides commands one by one and replays what was decided. */
@NullMarked
package io.tessellate.registry.topology;

import org.jspecify.annotations.NullMarked;
