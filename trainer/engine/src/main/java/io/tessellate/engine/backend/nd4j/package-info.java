/** Backends on ND4J: {@code host} with Java row kernels on the CPU, {@code nd4j} with ND4J operations only. */
@NullMarked
package io.tessellate.engine.backend.nd4j;

import org.jspecify.annotations.NullMarked;
