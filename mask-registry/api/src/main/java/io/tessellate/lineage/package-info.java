/**
 * The line of versions grown on a base model: the registry's log as values, and its fold.
 *
 * <p>The registry server, workers, the evaluator, the dashboard and the CLI all read the same log with {@link
 * io.tessellate.lineage.Lineage}; only the server decides what is appended to it.
 */
@NullMarked
package io.tessellate.lineage;

import org.jspecify.annotations.NullMarked;
