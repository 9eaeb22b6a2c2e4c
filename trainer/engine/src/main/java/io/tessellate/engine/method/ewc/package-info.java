/** Elastic weight consolidation: the baseline that slows down what matters to earlier tasks. */
@NullMarked
package io.tessellate.engine.method.ewc;

import org.jspecify.annotations.NullMarked;
