/** Streams applications: started, watched and replaced, with what becomes of records that nobody foresaw. */
@NullMarked
package io.tessellate.runtime.kafka.streams;

import org.jspecify.annotations.NullMarked;
