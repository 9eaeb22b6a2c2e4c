@NullMarked
package io.tessellate.pipeline;

import org.jspecify.annotations.NullMarked;
