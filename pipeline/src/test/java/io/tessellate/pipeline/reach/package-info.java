@NullMarked
package io.tessellate.pipeline.reach;

import org.jspecify.annotations.NullMarked;
