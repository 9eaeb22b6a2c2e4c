/** What a model is trained for: heads over its features, their targets and losses. */
@NullMarked
package io.tessellate.engine.model.head;

import org.jspecify.annotations.NullMarked;
