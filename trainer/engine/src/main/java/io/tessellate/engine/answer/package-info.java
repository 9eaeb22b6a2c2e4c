/** Questions answered by the views of a model: labels with probabilities, values, texts; the same bits whatever else is asked beside them. */
@NullMarked
package io.tessellate.engine.answer;

import org.jspecify.annotations.NullMarked;
