/** Examples as the model sees them: token sequences with what they are to become, cut to length. */
@NullMarked
package io.tessellate.engine.data;

import org.jspecify.annotations.NullMarked;
