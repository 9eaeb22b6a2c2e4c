/** Work that is taken record by record: one queue for each key, long work outside of the poll, offsets with its results. */
@NullMarked
package io.tessellate.runtime.kafka.work;

import org.jspecify.annotations.NullMarked;
