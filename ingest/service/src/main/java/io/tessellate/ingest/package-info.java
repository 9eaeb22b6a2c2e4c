/** Task topics to validated, closed datasets: the topology, and what others have made of its datasets. */
@NullMarked
package io.tessellate.ingest;

import org.jspecify.annotations.NullMarked;
