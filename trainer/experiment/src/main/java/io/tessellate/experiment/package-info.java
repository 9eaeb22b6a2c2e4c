/** Experiments: plans of arms, streams and seeds, run one after the other without a broker, and resumed where they stopped. */
@NullMarked
package io.tessellate.experiment;

import org.jspecify.annotations.NullMarked;
