/** Task topics in, validated and closed datasets out. */
@NullMarked
package io.tessellate.ingest;

import org.jspecify.annotations.NullMarked;
