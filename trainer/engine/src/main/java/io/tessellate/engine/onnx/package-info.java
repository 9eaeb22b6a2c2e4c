/** Models written as graphs that other runtimes compute. */
@NullMarked
package io.tessellate.engine.onnx;

import org.jspecify.annotations.NullMarked;
