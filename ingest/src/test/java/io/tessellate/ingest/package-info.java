/** Tests of ingest. */
@NullMarked
package io.tessellate.ingest;

import org.jspecify.annotations.NullMarked;
