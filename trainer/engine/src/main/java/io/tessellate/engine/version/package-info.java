/** A version of a model: its base with the adapters of the tasks it has learnt, in the view of each. */
@NullMarked
package io.tessellate.engine.version;

import org.jspecify.annotations.NullMarked;
