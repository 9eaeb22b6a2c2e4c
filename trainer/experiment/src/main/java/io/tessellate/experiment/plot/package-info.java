/** Charts and heat maps, drawn as SVG and as pixels. */
@NullMarked
package io.tessellate.experiment.plot;

import org.jspecify.annotations.NullMarked;
