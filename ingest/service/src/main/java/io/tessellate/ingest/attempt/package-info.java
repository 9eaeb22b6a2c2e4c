/** An attempt at a dataset: its records judged and counted, its manifest, and when it closes or begins anew. */
@NullMarked
package io.tessellate.ingest.attempt;

import org.jspecify.annotations.NullMarked;
