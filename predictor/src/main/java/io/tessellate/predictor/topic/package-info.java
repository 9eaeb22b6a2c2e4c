/** The topic pair: records of predict topics in, predictions out, exactly once. */
@NullMarked
package io.tessellate.predictor.topic;

import org.jspecify.annotations.NullMarked;
