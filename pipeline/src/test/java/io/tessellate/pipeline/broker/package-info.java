@NullMarked
package io.tessellate.pipeline.broker;

import org.jspecify.annotations.NullMarked;
