/** What goes through a model together: token sequences, the rows they take, and what is dropped on the way. */
@NullMarked
package io.tessellate.engine.model.batch;

import org.jspecify.annotations.NullMarked;
