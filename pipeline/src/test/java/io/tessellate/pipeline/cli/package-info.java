@NullMarked
package io.tessellate.pipeline.cli;

import org.jspecify.annotations.NullMarked;
