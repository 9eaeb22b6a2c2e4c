@NullMarked
package io.tessellate.pipeline.stack;

import org.jspecify.annotations.NullMarked;
