@NullMarked
package io.tessellate.pipeline.check.topic;

import org.jspecify.annotations.NullMarked;
