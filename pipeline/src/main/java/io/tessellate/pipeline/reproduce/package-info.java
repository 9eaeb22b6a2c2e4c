/** Committed runs, trained again from what their lineage records, and held against what they came to. */
@NullMarked
package io.tessellate.pipeline.reproduce;

import org.jspecify.annotations.NullMarked;
