/** The predictor as a part of a process: trained tasks, asked. */
@NullMarked
package io.tessellate.predictor;

import org.jspecify.annotations.NullMarked;
