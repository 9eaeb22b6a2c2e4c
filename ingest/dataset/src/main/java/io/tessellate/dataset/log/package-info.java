/** A closed dataset read again from its topic, checked against what ingest published. */
@NullMarked
package io.tessellate.dataset.log;

import org.jspecify.annotations.NullMarked;
