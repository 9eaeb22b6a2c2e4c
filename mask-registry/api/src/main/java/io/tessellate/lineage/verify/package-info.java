/** Computes a version's certificate from its files and holds a version against what was certified. */
@NullMarked
package io.tessellate.lineage.verify;

import org.jspecify.annotations.NullMarked;
