@NullMarked
package io.tessellate.pipeline.terminal;

import org.jspecify.annotations.NullMarked;
