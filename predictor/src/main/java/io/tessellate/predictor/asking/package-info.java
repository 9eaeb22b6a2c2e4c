/** Tasks asked: which adapters answer, one base in memory, questions of one view together, a bounded queue. */
@NullMarked
package io.tessellate.predictor.asking;

import org.jspecify.annotations.NullMarked;
