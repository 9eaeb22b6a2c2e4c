/** Questions by HTTP: in Tessellate's own form, and in that of the Open Inference Protocol. */
@NullMarked
package io.tessellate.predictor.http;

import org.jspecify.annotations.NullMarked;
