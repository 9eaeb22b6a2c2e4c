/** The registry's log as values, their Avro form, and the commands that lead to them. */
@NullMarked
package io.tessellate.lineage.log;

import org.jspecify.annotations.NullMarked;
