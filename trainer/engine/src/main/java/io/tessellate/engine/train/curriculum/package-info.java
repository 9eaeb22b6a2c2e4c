/** What a run learns from, phase by phase: which examples are trained on and which held out, and in which batches they come. */
@NullMarked
package io.tessellate.engine.train.curriculum;

import org.jspecify.annotations.NullMarked;
