/** Examples as the model sees them: encoded, cut to length, held out, packed and put into batches. */
@NullMarked
package io.tessellate.engine.data;

import org.jspecify.annotations.NullMarked;
