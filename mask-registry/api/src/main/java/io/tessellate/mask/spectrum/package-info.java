/** What a mask is worth as a graph: its largest singular values and the certificate over them. */
@NullMarked
package io.tessellate.mask.spectrum;

import org.jspecify.annotations.NullMarked;
