/** The backend {@code nd4j}: ND4J operations only, on the CPU or a GPU; and ND4J itself, its memory and products, which backend {@code host} shares. */
@NullMarked
package io.tessellate.engine.backend.nd4j;

import org.jspecify.annotations.NullMarked;
