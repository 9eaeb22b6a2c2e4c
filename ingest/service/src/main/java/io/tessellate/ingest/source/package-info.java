/** The topic a dataset comes from: whether it is still there, how far it is read, and what can lose its records. */
@NullMarked
package io.tessellate.ingest.source;

import org.jspecify.annotations.NullMarked;
