/** Merging of adapters that were trained independently from one base: task arithmetic and TIES on sparse task vectors. */
@NullMarked
package io.tessellate.mask.merge;

import org.jspecify.annotations.NullMarked;
