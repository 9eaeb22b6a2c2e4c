@NullMarked
package io.tessellate.pipeline.push;

import org.jspecify.annotations.NullMarked;
