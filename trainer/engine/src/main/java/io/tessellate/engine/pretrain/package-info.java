/** Pretraining of small encoders from scratch by masked language modelling. */
@NullMarked
package io.tessellate.engine.pretrain;

import org.jspecify.annotations.NullMarked;
