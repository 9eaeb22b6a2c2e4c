/** The rules of docs/architecture.md that a compiler cannot hold, as tests over all modules' classes. */
@NullMarked
package io.tessellate.pipeline.architecture;

import org.jspecify.annotations.NullMarked;
