/** All parameters of a model as one flat vector: where each tensor lies, what it does, which are trained, and their gradients. */
@NullMarked
package io.tessellate.engine.model.weights;

import org.jspecify.annotations.NullMarked;
