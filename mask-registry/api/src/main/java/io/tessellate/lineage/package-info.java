/** The line of versions grown on a base model: the fold of the registry's log, for whoever reads it. */
@NullMarked
package io.tessellate.lineage;

import org.jspecify.annotations.NullMarked;
