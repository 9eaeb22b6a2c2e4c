@NullMarked
package io.tessellate.pipeline.reproduce;

import org.jspecify.annotations.NullMarked;
